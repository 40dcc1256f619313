package dev.glimpse.engine;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Holds the nodes of an ONNX file with their attributes, and its constants, of which small ones are
 * read with their numbers, and large ones when they are asked for. {@link OnnxGraph}, which every
 * load reads, knows less and is faster.
 */
final class GraphNodes {

  /** Axes, shapes and scales take fewer bytes. */
  private static final int SMALL = 1 << 16;

  /** Weights of more bytes are not read: they would take as much of the heap. */
  private static final int MOST = 64 << 20;

  private final Path file;
  private final Map<String, GraphNode> producers = new HashMap<>();
  private final Map<String, OnnxConstant> constants = new HashMap<>();

  private GraphNodes(Path file) {
    this.file = file;
  }

  /**
   * Reads a file.
   *
   * @throws IOException if it cannot be read or is not a protobuf message
   */
  static GraphNodes read(Path file) throws IOException {
    GraphNodes graph = new GraphNodes(file);
    graph.read(new OnnxConstant.Wanted(name -> true, SMALL), "");
    return graph;
  }

  /** Returns the node that makes a tensor. */
  Optional<GraphNode> producer(String tensor) {
    return Optional.ofNullable(producers.get(tensor));
  }

  /** Returns whether a tensor is constant, as a weight is. */
  boolean isConstant(String tensor) {
    return constants.containsKey(tensor);
  }

  /**
   * Returns a constant with its numbers; reads the file once more if it is a large one.
   *
   * @return empty if there is no such constant, or its numbers cannot be used
   */
  Optional<OnnxConstant> constant(String tensor) throws IOException {
    OnnxConstant known = constants.get(tensor);
    if (known != null && known.values() == null) {
      boolean node = producers.containsKey(tensor);
      read(new OnnxConstant.Wanted(name -> node || name.equals(tensor), MOST), tensor);
      known = constants.get(tensor);
    }
    return Optional.ofNullable(known).filter(constant -> constant.values() != null);
  }

  private void read(OnnxConstant.Wanted wanted, String only) throws IOException {
    try (OnnxReader in = OnnxReader.open(file)) {
      while (in.next()) {
        if (in.field() == OnnxProto.MODEL_GRAPH) {
          readGraph(in, wanted, only);
        } else {
          in.skip();
        }
      }
    }
  }

  private void readGraph(OnnxReader in, OnnxConstant.Wanted wanted, String only)
      throws IOException {
    int outer = in.enter();
    while (in.next()) {
      switch (in.field()) {
        case OnnxProto.GRAPH_NODE -> readNode(in, wanted, only);
        case OnnxProto.GRAPH_INITIALIZER -> readInitializer(in, wanted, only);
        default -> in.skip();
      }
    }
    in.leave(outer);
  }

  private void readNode(OnnxReader in, OnnxConstant.Wanted wanted, String only) throws IOException {
    GraphNode node = GraphNode.read(in, wanted);
    node.outputs().forEach(output -> producers.putIfAbsent(output, node));
    if (node.constant().isPresent()
        && node.opType().equals("Constant")
        && !node.outputs().isEmpty()) {
      put(node.outputs().get(0), node.constant().get(), only);
    }
  }

  private void readInitializer(OnnxReader in, OnnxConstant.Wanted wanted, String only)
      throws IOException {
    OnnxConstant constant = OnnxConstant.read(in, wanted, this::readBeside);
    put(constant.name(), constant, only);
  }

  /**
   * Notes a constant.
   *
   * @param only the name of the only one that is wanted; "": all are
   */
  private void put(String name, OnnxConstant constant, String only) {
    if (only.isEmpty() || only.equals(name)) {
      constants.put(name, constant);
    }
  }

  /** Reads from a file of external weights, which lies in the graph's folder or below. */
  private byte[] readBeside(String location, long offset, long length) throws IOException {
    Path folder = file.toAbsolutePath().normalize().getParent();
    Path weights = folder == null ? Path.of(location) : folder.resolve(location).normalize();
    if (folder == null || !weights.startsWith(folder)) {
      throw new IOException("external weights are outside of the model's folder");
    }
    try (RandomAccessFile data = new RandomAccessFile(weights.toFile(), "r")) {
      byte[] bytes = new byte[Math.toIntExact(length)];
      data.seek(offset);
      data.readFully(bytes);
      return bytes;
    }
  }
}
