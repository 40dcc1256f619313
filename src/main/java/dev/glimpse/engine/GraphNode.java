package dev.glimpse.engine;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Holds a node of a graph, {@code NodeProto}. Graphs inside of it are left out.
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

  /** Reads a node. */
  static GraphNode read(OnnxReader in, OnnxConstant.Wanted wanted) throws IOException {
    int outer = in.enter();
    List<String> inputs = new ArrayList<>();
    List<String> outputs = new ArrayList<>();
    Attributes attributes = new Attributes();
    String opType = "";
    while (in.next()) {
      switch (in.field()) {
        case OnnxProto.NODE_INPUT -> inputs.add(in.string());
        case OnnxProto.NODE_OUTPUT -> outputs.add(in.string());
        case OnnxProto.NODE_OP_TYPE -> opType = in.string();
        case OnnxProto.NODE_ATTRIBUTE -> attributes.read(in, wanted);
        default -> in.skip();
      }
    }
    in.leave(outer);
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

    void read(OnnxReader in, OnnxConstant.Wanted wanted) throws IOException {
      int outer = in.enter();
      String name = "";
      List<Long> whole = new ArrayList<>();
      Optional<Float> number = Optional.empty();
      while (in.next()) {
        switch (in.field()) {
          case OnnxProto.ATTRIBUTE_NAME -> name = in.string();
          case OnnxProto.ATTRIBUTE_FLOAT -> number = Optional.of(in.number());
          case OnnxProto.ATTRIBUTE_INTEGER, OnnxProto.ATTRIBUTE_INTEGERS ->
              whole.addAll(in.integers());
          case OnnxProto.ATTRIBUTE_TENSOR -> tensor = tensor(in, wanted);
          default -> in.skip();
        }
      }
      in.leave(outer);
      integers.put(name, whole);
      String key = name;
      number.ifPresent(value -> floats.put(key, value));
    }

    private static OnnxConstant tensor(OnnxReader in, OnnxConstant.Wanted wanted)
        throws IOException {
      return OnnxConstant.read(
          in,
          wanted,
          (location, offset, length) -> {
            throw new IOException("a node's constant is in another file");
          });
    }
  }
}
