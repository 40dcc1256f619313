package dev.glimpse.engine;

import java.util.Map;

/**
 * A loaded ONNX graph with one input, and one output of interest; both are tensors. Any number of
 * threads may borrow runners at the same time; they share the graph's weights.
 */
public interface Session extends AutoCloseable {

  /** The graph's input; the first dimension is the batch. */
  TensorSpec input();

  /** The graph's output; the first dimension is the batch. */
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
   * Frees the weights and every runner. Waits for nobody: borrowed runners must be back. Closing
   * twice does no harm.
   */
  @Override
  void close();
}
