/**
 * Belongs here: running an ONNX graph, tensors in, tensors out.
 *
 * <p>Does not: anything that knows of pictures, labels or HTTP. Only this room imports DJL and ONNX
 * Runtime.
 */
@NullMarked
package dev.glimpse.engine;

import org.jspecify.annotations.NullMarked;
