/**
 * Belongs here: the Open Inference Protocol v2, and KServe's V1 before it, bodies in and answers
 * out.
 *
 * <p>Does not: the work; see {@link dev.glimpse.TensorInference}.
 */
@NullMarked
package dev.glimpse.openinference;

import org.jspecify.annotations.NullMarked;
