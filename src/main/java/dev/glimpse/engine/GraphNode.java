package dev.glimpse.engine;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Holds a node of a graph: {@code NodeProto} in <a
 * href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3">onnx.proto3</a>. Graphs inside of
 * it are left out.
 *
 * @param opType its operator, such as {@code Conv}
 * @param inputs the names of its inputs; "" for one that is left out
 * @param outputs the names of its outputs
 * @param integers its attributes of whole numbers
 * @param floats its attributes of one number
 * @param constant what a node of the type {@code Constant} holds
 */
record GraphNode(
    String opType,
    List<String> inputs,
    List<String> outputs,
    Map<String, List<Long>> integers,
    Map<String, Float> floats,
    Optional<OnnxConstant> constant) {

  /** Reads a node up to the stream's current limit. */
  static GraphNode read(CodedInputStream in, OnnxConstant.Wanted wanted) throws IOException {
    List<String> inputs = new ArrayList<>();
    List<String> outputs = new ArrayList<>();
    Attributes attributes = new Attributes();
    String opType = "";
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case 1 -> inputs.add(in.readString());
        case 2 -> outputs.add(in.readString());
        case 4 -> opType = in.readString();
        case 5 -> attributes.read(in, wanted);
        default -> in.skipField(tag);
      }
    }
    return new GraphNode(
        opType,
        inputs,
        outputs,
        attributes.integers,
        attributes.floats,
        Optional.ofNullable(attributes.tensor));
  }

  /** Returns an input's name; "" if it is left out. */
  String input(int index) {
    return index < inputs.size() ? inputs.get(index) : "";
  }

  /** Returns an attribute of one whole number. */
  long integer(String name, long otherwise) {
    List<Long> values = integers.getOrDefault(name, List.of());
    return values.size() == 1 ? values.get(0) : otherwise;
  }

  /** Collects a node's attributes. */
  private static final class Attributes {
    private final Map<String, List<Long>> integers = new HashMap<>();
    private final Map<String, Float> floats = new HashMap<>();
    private @Nullable OnnxConstant tensor;

    void read(CodedInputStream in, OnnxConstant.Wanted wanted) throws IOException {
      int limit = in.pushLimit(in.readRawVarint32());
      String name = "";
      List<Long> whole = new ArrayList<>();
      Optional<Float> number = Optional.empty();
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        boolean packed = WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
        switch (WireFormat.getTagFieldNumber(tag)) {
          case 1 -> name = in.readString();
          case 2 -> number = Optional.of(in.readFloat());
          case 3, 8 -> whole.addAll(OnnxNumbers.integers(in, packed));
          case 5 -> tensor = tensor(in, wanted);
          default -> in.skipField(tag);
        }
      }
      in.popLimit(limit);
      integers.put(name, whole);
      String key = name;
      number.ifPresent(value -> floats.put(key, value));
    }

    private static OnnxConstant tensor(CodedInputStream in, OnnxConstant.Wanted wanted)
        throws IOException {
      int limit = in.pushLimit(in.readRawVarint32());
      OnnxConstant read =
          OnnxConstant.read(
              in,
              wanted,
              (location, offset, length) -> {
                throw new IOException("a node's constant is in another file");
              });
      in.popLimit(limit);
      return read;
    }
  }
}
