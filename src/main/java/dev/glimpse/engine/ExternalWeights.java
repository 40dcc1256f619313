package dev.glimpse.engine;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds the files that hold an ONNX file's <a
 * href="https://github.com/onnx/onnx/blob/main/docs/ExternalData.md">external data</a>. Fields
 * without tensors are skipped, and so are weights inside the file.
 */
public final class ExternalWeights {

  private static final String LOCATION = "location";

  private final Set<String> locations = new TreeSet<>();

  private ExternalWeights() {}

  /** Messages that may hold tensors. */
  private enum Message {
    MODEL,
    FUNCTION,
    GRAPH,
    NODE,
    ATTRIBUTE,
    SPARSE_TENSOR,
    TENSOR;

    /** Returns the message in a field; null if it holds no tensors. */
    @Nullable Message of(int field) {
      return switch (this) {
        case MODEL ->
            switch (field) {
              case OnnxProto.MODEL_GRAPH -> GRAPH;
              case OnnxProto.MODEL_FUNCTION -> FUNCTION;
              default -> null;
            };
        case FUNCTION -> field == OnnxProto.FUNCTION_NODE ? NODE : null;
        case GRAPH ->
            switch (field) {
              case OnnxProto.GRAPH_NODE -> NODE;
              case OnnxProto.GRAPH_INITIALIZER -> TENSOR;
              case OnnxProto.GRAPH_SPARSE_INITIALIZER -> SPARSE_TENSOR;
              default -> null;
            };
        case NODE -> field == OnnxProto.NODE_ATTRIBUTE ? ATTRIBUTE : null;
        case ATTRIBUTE ->
            switch (field) {
              case OnnxProto.ATTRIBUTE_TENSOR, OnnxProto.ATTRIBUTE_TENSORS -> TENSOR;
              case OnnxProto.ATTRIBUTE_GRAPH, OnnxProto.ATTRIBUTE_GRAPHS -> GRAPH;
              case OnnxProto.ATTRIBUTE_SPARSE_TENSOR, OnnxProto.ATTRIBUTE_SPARSE_TENSORS ->
                  SPARSE_TENSOR;
              default -> null;
            };
        case SPARSE_TENSOR ->
            field == OnnxProto.SPARSE_VALUES || field == OnnxProto.SPARSE_INDICES ? TENSOR : null;
        case TENSOR -> null;
      };
    }
  }

  /**
   * Returns the files' names as the graph has them, relative to its own folder; empty if the
   * weights are inside the graph. Reads the whole file.
   *
   * @throws EngineException if the file is not a protobuf message
   * @throws IOException if it cannot be read
   */
  public static Set<String> of(Path file) throws IOException {
    try (OnnxReader in = OnnxReader.open(file)) {
      ExternalWeights weights = new ExternalWeights();
      weights.read(in, Message.MODEL, 0);
      return weights.locations;
    } catch (InvalidProtocolBufferException e) {
      throw new EngineException("This is not an ONNX file: " + e.getMessage(), e);
    }
  }

  private void read(OnnxReader in, Message message, int level) throws IOException {
    if (level > OnnxProto.MAX_LEVELS) {
      throw new InvalidProtocolBufferException("it is nested too deeply");
    }
    while (in.next()) {
      Message inner = message.of(in.field());
      if (inner == null || !in.hasLength()) {
        in.skip();
        continue;
      }
      int outer = in.enter();
      if (inner == Message.TENSOR) {
        readTensor(in);
      } else {
        read(in, inner, level + 1);
      }
      in.leave(outer);
    }
  }

  private void readTensor(OnnxReader in) throws IOException {
    String location = "";
    boolean external = false;
    while (in.next()) {
      switch (in.field()) {
        case OnnxProto.TENSOR_EXTERNAL_DATA -> {
          StringEntry entry = StringEntry.read(in);
          location = entry.key().equals(LOCATION) ? entry.value() : location;
        }
        case OnnxProto.TENSOR_LOCATION -> external = in.integer() == OnnxProto.EXTERNAL;
        default -> in.skip();
      }
    }
    if (external) {
      locations.add(location);
    }
  }
}
