package dev.glimpse.engine;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
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
 * what computes an output; and the exporter's metadata. Field numbers are those of <a
 * href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3">onnx.proto3</a>; weights are
 * skipped, not read.
 */
final class OnnxGraph {

  private static final int MODEL_GRAPH = 7;
  private static final int MODEL_METADATA = 14;
  private static final int GRAPH_NODE = 1;
  private static final int NODE_INPUT = 1;
  private static final int NODE_OUTPUT = 2;
  private static final int NODE_OP_TYPE = 4;
  private static final int NODE_ATTRIBUTE = 5;
  private static final int ATTRIBUTE_TENSOR = 5;
  private static final int ATTRIBUTE_GRAPH = 6;
  private static final int GRAPH_INITIALIZER = 5;
  private static final int GRAPH_OUTPUT = 12;
  private static final int VALUE_NAME = 1;

  /** A tensor of one number takes fewer bytes, unless its name is very long. */
  private static final int MAX_SCALAR_BYTES = 1024;

  /** The nesting limit of protobuf's own parsers, and so of ONNX Runtime. */
  private static final int MAX_LEVELS = 100;

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
    // A stream: for a buffer, protobuf uses Unsafe, which does not work in a native executable.
    try (InputStream bytes = Files.newInputStream(file)) {
      OnnxGraph graph = new OnnxGraph();
      CodedInputStream in = CodedInputStream.newInstance(bytes);
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        switch (WireFormat.getTagFieldNumber(tag)) {
          case MODEL_GRAPH -> graph.readGraph(in, 0);
          case MODEL_METADATA -> graph.readMetadata(in);
          default -> in.skipField(tag);
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

  private void readMetadata(CodedInputStream in) throws IOException {
    StringEntry entry = StringEntry.read(in);
    metadata.put(entry.key(), entry.value());
  }

  private void readGraph(CodedInputStream in, int level) throws IOException {
    if (level > MAX_LEVELS) {
      throw new IOException("it is nested too deeply");
    }
    int limit = in.pushLimit(in.readRawVarint32());
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case GRAPH_NODE -> readNode(in, level);
        case GRAPH_INITIALIZER -> {
          OnnxScalar scalar = readScalar(in);
          if (scalar != null && level == 0) {
            add(scalar.name(), scalar);
          }
        }
        case GRAPH_OUTPUT -> readOutput(in, level);
        default -> in.skipField(tag);
      }
    }
    in.popLimit(limit);
  }

  private void readOutput(CodedInputStream in, int level) throws IOException {
    int limit = in.pushLimit(in.readRawVarint32());
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (level == 0 && WireFormat.getTagFieldNumber(tag) == VALUE_NAME) {
        outputs.add(in.readString());
      } else {
        in.skipField(tag);
      }
    }
    in.popLimit(limit);
  }

  private void readNode(CodedInputStream in, int level) throws IOException {
    int limit = in.pushLimit(in.readRawVarint32());
    List<String> inputs = new ArrayList<>();
    List<String> outputs = new ArrayList<>();
    OnnxScalar constant = null;
    String opType = "";
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case NODE_INPUT -> inputs.add(in.readString());
        case NODE_OUTPUT -> outputs.add(in.readString());
        case NODE_OP_TYPE -> opType = in.readString();
        case NODE_ATTRIBUTE -> constant = readAttribute(in, level);
        default -> in.skipField(tag);
      }
    }
    in.popLimit(limit);
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
  private @Nullable OnnxScalar readAttribute(CodedInputStream in, int level) throws IOException {
    int limit = in.pushLimit(in.readRawVarint32());
    OnnxScalar scalar = null;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case ATTRIBUTE_TENSOR -> scalar = readScalar(in);
        case ATTRIBUTE_GRAPH -> readGraph(in, level + 1);
        default -> in.skipField(tag);
      }
    }
    in.popLimit(limit);
    return scalar;
  }

  private void add(String name, OnnxScalar scalar) {
    if (scalar.value() != null) {
      scalars.put(name, scalar.value());
    }
  }

  /** Reads a tensor that may hold a single number; skips a larger one. */
  private static @Nullable OnnxScalar readScalar(CodedInputStream in) throws IOException {
    int bytes = in.readRawVarint32();
    if (bytes > MAX_SCALAR_BYTES) {
      in.skipRawBytes(bytes);
      return null;
    }
    int limit = in.pushLimit(bytes);
    OnnxScalar scalar = OnnxScalar.read(in);
    in.popLimit(limit);
    return scalar;
  }
}
