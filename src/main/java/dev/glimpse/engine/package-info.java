/**
 * Runs ONNX graphs, tensors in and tensors out. Only this package imports DJL and ONNX Runtime.
 *
 * <p>Does not belong here: anything about image formats, labels or HTTP.
 */
@NullMarked
package dev.glimpse.engine;

import org.jspecify.annotations.NullMarked;
