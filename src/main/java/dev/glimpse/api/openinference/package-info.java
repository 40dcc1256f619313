/**
 * Belongs here: the endpoints of the Open Inference Protocol (V2), with its binary tensor and
 * classification extensions.
 *
 * <p>Does not: the inference itself; see {@link dev.glimpse.TensorInference}. Triton's extensions
 * for model management are in {@code triton}.
 */
@NullMarked
package dev.glimpse.api.openinference;

import org.jspecify.annotations.NullMarked;
