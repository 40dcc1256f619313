package dev.glimpse.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the nodes of an ONNX file, which ONNX Runtime does not expose, as far as needed to tell
 * what computes an output; and the exporter's metadata. Weights are skipped, not read.
 */
final class OnnxGraph {

  /** A tensor of one number takes fewer bytes, unless its name is very long. */
  private static final int MAX_SCALAR_BYTES = 1024;

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

  /** The types of nodes that compute with integers of 8 bits, or stand for those that do. */
  private static final Pattern QUANTIZED =
      Pattern.compile("Q(Linear|Gemm|Attention|MoE).*|.*Quantize.*|.*Integer.*");

  private record Node(String opType, List<String> inputs) {}

  private final Map<String, Node> producers = new HashMap<>();
  private final Map<String, String> metadata = new HashMap<>();
  private final Map<String, Double> scalars = new HashMap<>();
  private final Set<String> outputs = new HashSet<>();
  private boolean quantized;

  private OnnxGraph() {}

  /**
   * Reads the nodes of an ONNX file.
   *
   * @throws IOException if the file cannot be read or is not a protobuf message
   */
  static OnnxGraph read(Path file) throws IOException {
    try (OnnxReader in = OnnxReader.open(file)) {
      OnnxGraph graph = new OnnxGraph();
      while (in.next()) {
        switch (in.field()) {
          case OnnxProto.MODEL_GRAPH -> graph.readGraph(in, 0);
          case OnnxProto.MODEL_METADATA -> graph.readMetadata(in);
          default -> in.skip();
        }
      }
      return graph;
    }
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

  private void readMetadata(OnnxReader in) throws IOException {
    StringEntry entry = StringEntry.read(in);
    metadata.put(entry.key(), entry.value());
  }

  private void readGraph(OnnxReader in, int level) throws IOException {
    if (level > OnnxProto.MAX_LEVELS) {
      throw new IOException("it is nested too deeply");
    }
    int outer = in.enter();
    while (in.next()) {
      switch (in.field()) {
        case OnnxProto.GRAPH_NODE -> readNode(in, level);
        case OnnxProto.GRAPH_INITIALIZER -> {
          OnnxScalar scalar = readScalar(in);
          if (scalar != null && level == 0) {
            add(scalar.name(), scalar);
          }
        }
        case OnnxProto.GRAPH_OUTPUT -> readOutput(in, level);
        default -> in.skip();
      }
    }
    in.leave(outer);
  }

  private void readOutput(OnnxReader in, int level) throws IOException {
    int outer = in.enter();
    while (in.next()) {
      if (level == 0 && in.field() == OnnxProto.VALUE_NAME) {
        outputs.add(in.string());
      } else {
        in.skip();
      }
    }
    in.leave(outer);
  }

  private void readNode(OnnxReader in, int level) throws IOException {
    int outer = in.enter();
    List<String> inputs = new ArrayList<>();
    List<String> outputs = new ArrayList<>();
    OnnxScalar constant = null;
    String opType = "";
    while (in.next()) {
      switch (in.field()) {
        case OnnxProto.NODE_INPUT -> inputs.add(in.string());
        case OnnxProto.NODE_OUTPUT -> outputs.add(in.string());
        case OnnxProto.NODE_OP_TYPE -> opType = in.string();
        case OnnxProto.NODE_ATTRIBUTE -> constant = readAttribute(in, level);
        default -> in.skip();
      }
    }
    in.leave(outer);
    quantized |= QUANTIZED.matcher(opType).matches();
    if (level == 0) { // names inside of other nodes are names of their own
      Node node = new Node(opType, inputs);
      outputs.forEach(output -> producers.put(output, node));
      if (opType.equals("Constant") && constant != null && !outputs.isEmpty()) {
        add(outputs.get(0), constant);
      }
    }
  }

  /** Reads the graphs in an attribute; returns its number if it holds one as a tensor. */
  private @Nullable OnnxScalar readAttribute(OnnxReader in, int level) throws IOException {
    int outer = in.enter();
    OnnxScalar scalar = null;
    while (in.next()) {
      switch (in.field()) {
        case OnnxProto.ATTRIBUTE_TENSOR -> scalar = readScalar(in);
        case OnnxProto.ATTRIBUTE_GRAPH -> readGraph(in, level + 1);
        default -> in.skip();
      }
    }
    in.leave(outer);
    return scalar;
  }

  private void add(String name, OnnxScalar scalar) {
    if (scalar.value() != null) {
      scalars.put(name, scalar.value());
    }
  }

  /** Reads a tensor that may hold a single number; skips a larger one. */
  private static @Nullable OnnxScalar readScalar(OnnxReader in) throws IOException {
    int bytes = in.length();
    if (bytes > MAX_SCALAR_BYTES) {
      in.skip(bytes);
      return null;
    }
    int outer = in.enter(bytes);
    OnnxScalar scalar = OnnxScalar.read(in);
    in.leave(outer);
    return scalar;
  }
}
