package dev.glimpse.engine;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The nodes of an ONNX file, which ONNX Runtime does not show: enough of them to tell what computes
 * an output; what the exporter wrote about the model; and which other files hold its weights. Field
 * numbers are those of <a
 * href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3">onnx.proto3</a>; weights are
 * skipped, not read.
 */
final class OnnxGraph {

  private static final int MODEL_GRAPH = 7;
  private static final int MODEL_METADATA = 14;
  private static final int ENTRY_KEY = 1;
  private static final int ENTRY_VALUE = 2;
  private static final int GRAPH_NODE = 1;
  private static final int GRAPH_INITIALIZER = 5;
  private static final int NODE_INPUT = 1;
  private static final int NODE_OUTPUT = 2;
  private static final int NODE_OP_TYPE = 4;
  private static final int NODE_ATTRIBUTE = 5;
  private static final int ATTRIBUTE_TENSOR = 5;
  private static final int ATTRIBUTE_GRAPH = 6;
  private static final int TENSOR_EXTERNAL_DATA = 13;
  private static final String LOCATION = "location";

  /** Nodes that pass values on as they are, or nearly so. */
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

  private record Node(String opType, List<String> inputs) {}

  private final Map<String, Node> producers = new HashMap<>();
  private final Map<String, String> metadata = new HashMap<>();
  private final Set<String> weightFiles = new TreeSet<>();

  private OnnxGraph() {}

  /**
   * Reads the nodes of an ONNX file.
   *
   * @throws IOException if the file cannot be read or is not a protobuf message
   */
  static OnnxGraph read(Path file) throws IOException {
    // A stream: for a buffer, protobuf takes Unsafe, which does not work in a native executable.
    try (InputStream bytes = Files.newInputStream(file)) {
      OnnxGraph graph = new OnnxGraph();
      CodedInputStream in = CodedInputStream.newInstance(bytes);
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        switch (WireFormat.getTagFieldNumber(tag)) {
          case MODEL_GRAPH -> graph.readGraph(in);
          case MODEL_METADATA -> {
            Map.Entry<String, String> entry = readEntry(in);
            graph.metadata.put(entry.getKey(), entry.getValue());
          }
          default -> in.skipField(tag);
        }
      }
      return graph;
    }
  }

  /** What computes the named output, seen through nodes that only pass values on. */
  OutputKind outputKind(String output) {
    String name = output;
    for (int steps = 0; steps < producers.size(); steps++) {
      Node node = producers.get(name);
      if (node == null) {
        return OutputKind.OTHER;
      }
      if (node.opType().equals("Softmax")) {
        return OutputKind.SOFTMAX;
      }
      if (node.opType().equals("Sigmoid")) {
        return OutputKind.SIGMOID;
      }
      if (!PASS_THROUGH.contains(node.opType()) || node.inputs().isEmpty()) {
        return OutputKind.OTHER;
      }
      name = node.inputs().get(0);
    }
    return OutputKind.OTHER;
  }

  /** What the exporter wrote about the model. */
  Map<String, String> metadata() {
    return Map.copyOf(metadata);
  }

  /** The files that hold weights and are not this one, by their paths from its folder. */
  Set<String> weightFiles() {
    return Set.copyOf(weightFiles);
  }

  private static Map.Entry<String, String> readEntry(CodedInputStream in) throws IOException {
    int limit = in.pushLimit(in.readRawVarint32());
    String key = "";
    String value = "";
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case ENTRY_KEY -> key = in.readString();
        case ENTRY_VALUE -> value = in.readString();
        default -> in.skipField(tag);
      }
    }
    in.popLimit(limit);
    return Map.entry(key, value);
  }

  private void readGraph(CodedInputStream in) throws IOException {
    int limit = in.pushLimit(in.readRawVarint32());
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case GRAPH_NODE -> readNode(in);
        case GRAPH_INITIALIZER -> readTensor(in);
        default -> in.skipField(tag);
      }
    }
    in.popLimit(limit);
  }

  private void readTensor(CodedInputStream in) throws IOException {
    int limit = in.pushLimit(in.readRawVarint32());
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (WireFormat.getTagFieldNumber(tag) == TENSOR_EXTERNAL_DATA) {
        Map.Entry<String, String> entry = readEntry(in);
        if (entry.getKey().equals(LOCATION)) {
          weightFiles.add(entry.getValue());
        }
      } else {
        in.skipField(tag);
      }
    }
    in.popLimit(limit);
  }

  private void readAttribute(CodedInputStream in) throws IOException {
    int limit = in.pushLimit(in.readRawVarint32());
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case ATTRIBUTE_TENSOR -> readTensor(in);
        case ATTRIBUTE_GRAPH -> readGraph(in);
        default -> in.skipField(tag);
      }
    }
    in.popLimit(limit);
  }

  private void readNode(CodedInputStream in) throws IOException {
    int limit = in.pushLimit(in.readRawVarint32());
    List<String> inputs = new ArrayList<>();
    List<String> outputs = new ArrayList<>();
    String opType = "";
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case NODE_INPUT -> inputs.add(in.readString());
        case NODE_OUTPUT -> outputs.add(in.readString());
        case NODE_OP_TYPE -> opType = in.readString();
        case NODE_ATTRIBUTE -> readAttribute(in);
        default -> in.skipField(tag);
      }
    }
    in.popLimit(limit);
    Node node = new Node(opType, inputs);
    outputs.forEach(output -> producers.put(output, node));
  }
}
