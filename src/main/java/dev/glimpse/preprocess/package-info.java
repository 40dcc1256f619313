/**
 * Turns pixels into the input tensor: resizes, crops, scales, normalises and lays out.
 *
 * <p>Does not belong here: image formats.
 */
@NullMarked
package dev.glimpse.preprocess;

import org.jspecify.annotations.NullMarked;
