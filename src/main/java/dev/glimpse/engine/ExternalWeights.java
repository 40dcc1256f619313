package dev.glimpse.engine;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds the files that hold an ONNX file's <a
 * href="https://github.com/onnx/onnx/blob/main/docs/ExternalData.md">external data</a>. Field
 * numbers are those of <a
 * href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3">onnx.proto3</a>; fields without
 * tensors are skipped, and so are weights inside the file.
 */
public final class ExternalWeights {

  private static final int TENSOR_DATA = 13;
  private static final int TENSOR_DATA_LOCATION = 14;
  private static final int EXTERNAL = 1;
  private static final String LOCATION = "location";

  /** The nesting limit of protobuf's own parsers, and so of ONNX Runtime. */
  private static final int MAX_LEVELS = 100;

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
        case MODEL -> field == 7 ? GRAPH : field == 25 ? FUNCTION : null;
        case FUNCTION -> field == 7 ? NODE : null;
        case GRAPH -> field == 1 ? NODE : field == 5 ? TENSOR : field == 15 ? SPARSE_TENSOR : null;
        case NODE -> field == 5 ? ATTRIBUTE : null;
        case ATTRIBUTE ->
            switch (field) {
              case 5, 10 -> TENSOR;
              case 6, 11 -> GRAPH;
              case 22, 23 -> SPARSE_TENSOR;
              default -> null;
            };
        case SPARSE_TENSOR -> field == 1 || field == 2 ? TENSOR : null;
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
    // A stream, for the reason that OnnxGraph gives.
    try (InputStream bytes = Files.newInputStream(file)) {
      ExternalWeights weights = new ExternalWeights();
      weights.read(CodedInputStream.newInstance(bytes), Message.MODEL, 0);
      return weights.locations;
    } catch (InvalidProtocolBufferException e) {
      throw new EngineException("This is not an ONNX file: " + e.getMessage(), e);
    }
  }

  private void read(CodedInputStream in, Message message, int level) throws IOException {
    if (level > MAX_LEVELS) {
      throw new InvalidProtocolBufferException("it is nested too deeply");
    }
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      Message inner = message.of(WireFormat.getTagFieldNumber(tag));
      if (inner == null || WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
        in.skipField(tag);
        continue;
      }
      int limit = in.pushLimit(in.readRawVarint32());
      if (inner == Message.TENSOR) {
        readTensor(in);
      } else {
        read(in, inner, level + 1);
      }
      in.popLimit(limit);
    }
  }

  private void readTensor(CodedInputStream in) throws IOException {
    String location = "";
    boolean external = false;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case TENSOR_DATA -> {
          StringEntry entry = StringEntry.read(in);
          location = entry.key().equals(LOCATION) ? entry.value() : location;
        }
        case TENSOR_DATA_LOCATION -> external = in.readEnum() == EXTERNAL;
        default -> in.skipField(tag);
      }
    }
    if (external) {
      locations.add(location);
    }
  }
}
