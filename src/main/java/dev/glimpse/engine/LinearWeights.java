package dev.glimpse.engine;

import dev.glimpse.engine.ClassifierHead.Linear;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Reads the weights of a linear layer: Gemm, MatMul, or Conv with a kernel of 1×1; as they are, of
 * another precision, transposed, or dequantized.
 */
final class LinearWeights {

  private final GraphNodes graph;

  LinearWeights(GraphNodes graph) {
    this.graph = graph;
  }

  /** Returns a node's weights; empty if they are computed, or of another shape. */
  Optional<Linear> of(GraphNode node) throws IOException {
    boolean left = node.opType().equals("MatMul") && isKnown(node.input(0));
    Optional<OnnxConstant> known = constant(node.input(left ? 0 : 1), 0);
    if (known.isEmpty() || left) {
      return Optional.empty();
    }
    OnnxConstant weights = known.get();
    boolean transposed =
        switch (node.opType()) {
          case "Gemm" -> node.integer("transB", 0) == 0;
          case "MatMul" -> true;
          default -> false;
        };
    float scale = node.floats().getOrDefault("alpha", 1f);
    return linear(transposed ? transposed(weights) : weights, scale);
  }

  private boolean isKnown(String tensor) throws IOException {
    return constant(tensor, 0).isPresent();
  }

  private static Optional<Linear> linear(OnnxConstant weights, float scale) {
    List<Long> dims = weights.dims();
    float[] values = weights.values();
    if (values == null
        || dims.size() < 2
        || dims.stream().skip(2).anyMatch(dimension -> dimension != 1)
        || dims.get(0) * dims.get(1) != values.length) {
      return Optional.empty();
    }
    float[] scaled = values;
    if (scale != 1) {
      scaled = values.clone();
      for (int i = 0; i < scaled.length; i++) {
        scaled[i] *= scale;
      }
    }
    return Optional.of(new Linear(dims.get(0).intValue(), dims.get(1).intValue(), scaled));
  }

  /** Returns a constant, or what nodes make of one. */
  private Optional<OnnxConstant> constant(String tensor, int steps) throws IOException {
    if (graph.isConstant(tensor)) {
      return graph.constant(tensor);
    }
    Optional<GraphNode> node = graph.producer(tensor);
    if (node.isEmpty() || steps > 10) {
      return Optional.empty();
    }
    return switch (node.get().opType()) {
      case "Identity", "Cast" -> constant(node.get().input(0), steps + 1);
      case "Transpose" ->
          constant(node.get().input(0), steps + 1)
              .filter(weights -> weights.dims().size() == 2)
              .filter(weights -> isTransposed(node.get()))
              .map(LinearWeights::transposed);
      case "DequantizeLinear" -> dequantized(node.get(), steps);
      default -> Optional.empty();
    };
  }

  private static boolean isTransposed(GraphNode node) {
    List<Long> order = node.integers().getOrDefault("perm", List.of());
    return order.isEmpty() || order.equals(List.of(1L, 0L));
  }

  private static OnnxConstant transposed(OnnxConstant weights) {
    float[] values = weights.values();
    if (values == null
        || weights.dims().size() != 2
        || weights.dims().get(0) * weights.dims().get(1) != values.length) {
      return new OnnxConstant(weights.name(), List.of(), null);
    }
    int rows = weights.dims().get(0).intValue();
    int columns = weights.dims().get(1).intValue();
    float[] turned = new float[values.length];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        turned[column * rows + row] = values[row * columns + column];
      }
    }
    return new OnnxConstant(weights.name(), List.of((long) columns, (long) rows), turned);
  }

  /** Computes {@code (integer − zeroPoint) × scale}, with one of both for all or for each index. */
  private Optional<OnnxConstant> dequantized(GraphNode node, int steps) throws IOException {
    Optional<OnnxConstant> integers = constant(node.input(0), steps + 1);
    Optional<OnnxConstant> scales = graph.constant(node.input(1));
    if (integers.isEmpty() || scales.isEmpty()) {
      return Optional.empty();
    }
    float[] values = integers.get().values();
    float[] scale = scales.get().values();
    List<Long> dims = integers.get().dims();
    int axis = (int) node.integer("axis", 1);
    axis = axis < 0 ? axis + dims.size() : axis;
    if (values == null || scale == null || scale.length == 0) {
      return Optional.empty();
    }
    boolean one = scale.length == 1;
    float[] zero = zeroPoints(node.input(2), scale.length);
    if (zero.length != scale.length
        || (!one && (axis < 0 || axis >= dims.size() || scale.length != dims.get(axis)))) {
      return Optional.empty();
    }
    int run = 1; // how many numbers in a row have the same scale
    for (int i = axis + 1; i < dims.size(); i++) {
      run *= dims.get(i).intValue();
    }
    float[] made = new float[values.length];
    for (int i = 0; i < made.length; i++) {
      int index = one ? 0 : i / run % scale.length;
      made[i] = (values[i] - zero[index]) * scale[index];
    }
    return Optional.of(new OnnxConstant(integers.get().name(), dims, made));
  }

  /** Returns the zero points, which are 0 if the node has none. */
  private float[] zeroPoints(String tensor, int count) throws IOException {
    Optional<OnnxConstant> constant = graph.constant(tensor);
    float[] values = constant.isPresent() ? constant.get().values() : null;
    return values == null ? new float[count] : values;
  }
}
