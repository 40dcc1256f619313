package dev.glimpse.engine;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Tells what computes the outputs of an ONNX file, by its nodes, which ONNX Runtime does not
 * expose; and what the exporter wrote about it.
 */
final class OnnxGraph {

  /**
   * Types of nodes that make integers of 8 bits, with the index of the input that holds their
   * scale; the zero point is the next.
   */
  private static final Map<String, Integer> SCALES =
      Map.ofEntries(
          Map.entry("QuantizeLinear", 1),
          Map.entry("QLinearSoftmax", 3),
          Map.entry("QLinearSigmoid", 3),
          Map.entry("QLinearGlobalAveragePool", 3),
          Map.entry("QLinearAveragePool", 3),
          Map.entry("QLinearLeakyRelu", 3),
          Map.entry("QLinearMatMul", 6),
          Map.entry("QLinearConv", 6),
          Map.entry("QLinearAdd", 6),
          Map.entry("QLinearMul", 6),
          Map.entry("QGemm", 7));

  /** Types of nodes that pass integers on unchanged. */
  private static final Set<String> SAME_INTEGERS =
      Set.of("Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze");

  /** Types of nodes that pass values on unchanged, or nearly so. */
  private static final Set<String> PASS_THROUGH =
      Set.of(
          "Identity",
          "Cast",
          "Reshape",
          "Flatten",
          "Squeeze",
          "Unsqueeze",
          "QuantizeLinear",
          "DequantizeLinear",
          "Dropout");

  private static final Map<String, OutputKind> KINDS =
      Map.of(
          "Softmax", OutputKind.SOFTMAX,
          "QLinearSoftmax", OutputKind.SOFTMAX,
          "Sigmoid", OutputKind.SIGMOID,
          "QLinearSigmoid", OutputKind.SIGMOID);

  /** A node, without what is not needed of it. */
  record Node(String opType, List<String> inputs) {}

  private final Map<String, Node> producers;
  private final Map<String, Double> scalars;
  private final Set<String> outputs;
  private final Map<String, String> metadata;
  private final boolean quantized;

  /**
   * Holds what was read.
   *
   * @param producers the node that makes each tensor, by the tensor's name
   * @param scalars the constants of one number, by their names
   * @param outputs the names of the graph's outputs
   * @param metadata what the exporter wrote about the model
   * @param quantized whether the graph, or one inside it, has quantized nodes
   */
  OnnxGraph(
      Map<String, Node> producers,
      Map<String, Double> scalars,
      Set<String> outputs,
      Map<String, String> metadata,
      boolean quantized) {
    this.producers = producers;
    this.scalars = scalars;
    this.outputs = outputs;
    this.metadata = metadata;
    this.quantized = quantized;
  }

  /** Returns what computes the named output; looks through nodes that only pass values on. */
  OutputKind outputKind(String output) {
    String name = output;
    for (int steps = 0; steps < producers.size(); steps++) {
      Node node = producers.get(name);
      if (node == null) {
        return OutputKind.OTHER;
      }
      OutputKind kind = KINDS.get(node.opType());
      if (kind != null) {
        return kind;
      }
      if (!PASS_THROUGH.contains(node.opType()) || node.inputs().isEmpty()) {
        return OutputKind.OTHER;
      }
      name = node.inputs().get(0);
    }
    return OutputKind.OTHER;
  }

  /**
   * Returns what the named output's integers stand for, by the scale and the zero point of the node
   * that made them; empty if no such node did, or its scale is computed.
   */
  Optional<Dequantization> dequantization(String output) {
    Node node = producers.get(output);
    for (int steps = 0; node != null && steps < producers.size(); steps++) {
      Integer scale = SCALES.get(node.opType());
      if (scale != null) {
        return dequantization(node.inputs(), scale);
      }
      if (!SAME_INTEGERS.contains(node.opType()) || node.inputs().isEmpty()) {
        return Optional.empty();
      }
      node = producers.get(node.inputs().get(0));
    }
    return Optional.empty();
  }

  private Optional<Dequantization> dequantization(List<String> inputs, int index) {
    Double scale = index < inputs.size() ? scalars.get(inputs.get(index)) : null;
    if (scale == null) {
      return Optional.empty();
    }
    boolean offset = index + 1 < inputs.size() && !inputs.get(index + 1).isEmpty();
    Double zero = offset ? scalars.get(inputs.get(index + 1)) : Double.valueOf(0);
    return Optional.ofNullable(zero)
        .map(point -> new Dequantization(scale.floatValue(), point.intValue()));
  }

  /** Returns the metadata that the exporter wrote about the model. */
  Map<String, String> metadata() {
    return Map.copyOf(metadata);
  }

  /** Returns whether one of the graph's own nodes makes a tensor. */
  boolean makes(String tensor) {
    return producers.containsKey(tensor);
  }

  /** Returns the names of the graph's outputs. */
  Set<String> outputs() {
    return outputs;
  }

  /** Returns whether the graph, or one inside it, has quantized nodes. */
  boolean quantized() {
    return quantized;
  }
}
