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

/**
 * Reads the nodes of an ONNX file, which ONNX Runtime does not expose, as far as needed to tell
 * what computes an output; and the exporter's metadata. Field numbers are those of <a
 * href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3">onnx.proto3</a>; weights are
 * skipped, not read.
 */
final class OnnxGraph {

  private static final int MODEL_GRAPH = 7;
  private static final int MODEL_METADATA = 14;
  private static final int METADATA_KEY = 1;
  private static final int METADATA_VALUE = 2;
  private static final int GRAPH_NODE = 1;
  private static final int NODE_INPUT = 1;
  private static final int NODE_OUTPUT = 2;
  private static final int NODE_OP_TYPE = 4;

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

  private record Node(String opType, List<String> inputs) {}

  private final Map<String, Node> producers = new HashMap<>();
  private final Map<String, String> metadata = new HashMap<>();

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
          case MODEL_GRAPH -> graph.readGraph(in);
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

  /** Returns the metadata that the exporter wrote about the model. */
  Map<String, String> metadata() {
    return Map.copyOf(metadata);
  }

  private void readMetadata(CodedInputStream in) throws IOException {
    int limit = in.pushLimit(in.readRawVarint32());
    String key = "";
    String value = "";
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case METADATA_KEY -> key = in.readString();
        case METADATA_VALUE -> value = in.readString();
        default -> in.skipField(tag);
      }
    }
    in.popLimit(limit);
    metadata.put(key, value);
  }

  private void readGraph(CodedInputStream in) throws IOException {
    int limit = in.pushLimit(in.readRawVarint32());
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (WireFormat.getTagFieldNumber(tag) == GRAPH_NODE) {
        readNode(in);
      } else {
        in.skipField(tag);
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
        default -> in.skipField(tag);
      }
    }
    in.popLimit(limit);
    Node node = new Node(opType, inputs);
    outputs.forEach(output -> producers.put(output, node));
  }
}
