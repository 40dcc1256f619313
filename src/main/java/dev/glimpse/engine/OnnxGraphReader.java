package dev.glimpse.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads an {@link OnnxGraph}: nodes, small constants and metadata. Weights are skipped. */
final class OnnxGraphReader {

  /** A tensor of one number takes fewer bytes, unless its name is very long. */
  private static final int MAX_SCALAR_BYTES = 1024;

  /** The types of nodes that compute with integers of 8 bits, or stand for those that do. */
  private static final Pattern QUANTIZED =
      Pattern.compile("Q(Linear|Gemm|Attention|MoE).*|.*Quantize.*|.*Integer.*");

  private final Map<String, OnnxGraph.Node> producers = new HashMap<>();
  private final Map<String, Double> scalars = new HashMap<>();
  private final Set<String> outputs = new HashSet<>();
  private final Map<String, String> metadata = new HashMap<>();
  private boolean quantized;

  private OnnxGraphReader() {}

  /**
   * Reads a file.
   *
   * @throws IOException if the file cannot be read or is not a protobuf message
   */
  static OnnxGraph read(Path file) throws IOException {
    try (OnnxReader in = OnnxReader.open(file)) {
      OnnxGraphReader reader = new OnnxGraphReader();
      while (in.next()) {
        switch (in.field()) {
          case OnnxProto.MODEL_GRAPH -> reader.readGraph(in, 0);
          case OnnxProto.MODEL_METADATA -> reader.readMetadata(in);
          default -> in.skip();
        }
      }
      return new OnnxGraph(
          reader.producers, reader.scalars, reader.outputs, reader.metadata, reader.quantized);
    }
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
      OnnxGraph.Node node = new OnnxGraph.Node(opType, inputs);
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
