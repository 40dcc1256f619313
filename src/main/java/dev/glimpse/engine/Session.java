package dev.glimpse.engine;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A loaded ONNX graph. Runners are the way for pictures, which go into one input and come out of
 * one output; {@link #run} takes tensors of any kind. Any number of threads may do either at the
 * same time; they share the graph's weights.
 */
public interface Session extends AutoCloseable {

  /** What the graph has to be given, in its own order; at least one. */
  List<TensorSpec> inputs();

  /** Whether tensors of an input's type can be made at all. */
  default boolean feeds(TensorSpec input) {
    return OnnxTensors.fed(input);
  }

  /** What comes out of it, in its own order; outputs that are no tensors are left out. */
  List<TensorSpec> outputs();

  /** The graph's input for pictures, the first of all; its first dimension is the batch. */
  TensorSpec input();

  /** The graph's output for pictures; the first dimension is the batch. */
  TensorSpec output();

  /** What the graph's own nodes say of the output. */
  OutputKind outputKind();

  /** What the exporter left in the graph about it, by its own keys; see ONNX's metadata_props. */
  default Map<String, String> metadata() {
    return Map.of();
  }

  /**
   * Lends a runner for one picture, or for up to as many as the given shape begins with; it goes
   * back when the runner is closed. Runners are made as needed and kept, so there are never more
   * than threads that asked at the same time.
   *
   * @param shape the input's shape with the batch first, all dimensions positive
   * @throws IllegalStateException if the session is closed
   * @throws EngineException if no picture can be put into elements of the input's type
   */
  Runner borrow(long... shape);

  /**
   * Runs the graph on the calling thread.
   *
   * @param given one for each of {@link #inputs}, of its type and shape
   * @param wanted names of {@link #outputs}, at least one
   * @return the outputs that are wanted, in the order in which the set gives their names
   * @throws IllegalStateException if the session is closed
   * @throws EngineException if ONNX Runtime refuses or fails
   */
  List<Tensor> run(List<Tensor> given, Set<String> wanted);

  /**
   * Frees the weights and every runner. Waits for nobody: borrowed runners must be back. Closing
   * twice does no harm.
   */
  @Override
  void close();
}
