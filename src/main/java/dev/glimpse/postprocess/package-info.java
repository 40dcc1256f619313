/**
 * Turns scores into classifications: softmax or sigmoid, top k, labels.
 *
 * <p>Does not belong here: where the scores come from.
 */
@NullMarked
package dev.glimpse.postprocess;

import org.jspecify.annotations.NullMarked;
