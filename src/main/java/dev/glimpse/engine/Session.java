package dev.glimpse.engine;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Runs a loaded ONNX graph: images by a {@link Runner}, from one input to one output, and tensors
 * of any kind by {@link #run}. Any number of threads may do either at the same time; they share the
 * graph's weights.
 */
public interface Session extends AutoCloseable {

  /** Returns the graph's inputs, in its own order; at least one. */
  List<TensorSpec> inputs();

  /** Tells whether tensors of an input's type can be created. */
  default boolean feeds(TensorSpec input) {
    return OnnxTensors.fed(input);
  }

  /**
   * Returns the graph's outputs, in its own order. A map from keys to numbers is a tensor of one
   * dimension, in the order of the sorted keys; a sequence of them has one row for each.
   */
  List<TensorSpec> outputs();

  /** Describes the outputs that are left out, because they are no tensors and have no such form. */
  default List<String> omittedOutputs() {
    return List.of();
  }

  /**
   * Returns the graph's input for images, which is its first input; the first dimension is the
   * batch.
   */
  TensorSpec input();

  /** Returns the graph's output for images; the first dimension is the batch. */
  TensorSpec output();

  /**
   * Returns whether {@link #output} is a tensor; if not, it is a map or a sequence of maps, and no
   * {@link Runner} may be borrowed.
   */
  default boolean outputIsTensor() {
    return true;
  }

  /** Returns what the graph's own nodes compute for the output. */
  OutputKind outputKind();

  /** Returns what the output's integers stand for; empty if it holds other numbers. */
  default Optional<Dequantization> dequantization() {
    return Optional.empty();
  }

  /** Returns the exporter's metadata by its keys; see ONNX's metadata_props. */
  default Map<String, String> metadata() {
    return Map.of();
  }

  /** Returns how the graph's weights of 8 bits are used. */
  default EightBitWeights eightBitWeights() {
    return EightBitWeights.NONE;
  }

  /** Returns whether {@link #pack} has something to do. */
  default boolean packsLater() {
    return false;
  }

  /**
   * Packs large weights, which loading left out as it takes the longer the larger they are. Runs
   * are faster afterwards (docs/native.md), and their results may differ in the last digits. Blocks
   * until it is done; the graph may be run and closed meanwhile.
   */
  default void pack() {}

  /**
   * Lends a runner for as many images as the shape's first dimension says, until it is closed.
   * Runners are created as needed and kept, so there are never more than were lent at the same
   * time.
   *
   * @param shape the input's shape with the batch first, all dimensions positive
   * @throws IllegalStateException if the session is closed
   * @throws EngineException if images cannot be written to the input's element type
   */
  Runner borrow(long... shape);

  /**
   * Runs the graph on the calling thread.
   *
   * @param given one tensor for each of {@link #inputs}, of its type and shape
   * @param outputNames names of {@link #outputs}, at least one
   * @return the named outputs, in the set's order
   * @throws IllegalStateException if the session is closed
   * @throws EngineException if ONNX Runtime fails
   */
  List<Tensor> run(List<Tensor> given, Set<String> outputNames);

  /**
   * Frees the weights and every runner. Does not wait: all runners must have been closed. A second
   * call does nothing.
   */
  @Override
  void close();
}
