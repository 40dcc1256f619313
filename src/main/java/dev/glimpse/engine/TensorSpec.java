package dev.glimpse.engine;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A graph's input or output as the graph declares it.
 *
 * @param name the tensor's name
 * @param type its element type in ONNX's words, e.g. {@code float}, {@code uint8}
 * @param shape its dimensions; -1 where the graph leaves one open
 */
public record TensorSpec(String name, String type, List<Long> shape) {

  public TensorSpec {
    shape = List.copyOf(shape);
  }

  /** The number of dimensions. */
  public int rank() {
    return shape.size();
  }

  /** One dimension, or -1 if it is open. */
  public long dimension(int index) {
    return shape.get(index);
  }

  /**
   * How many bytes an element takes.
   *
   * @throws EngineException if that is not the same for all: of strings, or of half bytes
   */
  public int elementBytes() {
    return switch (type) {
      case "bool", "int8", "uint8" -> Byte.BYTES;
      case "int16", "uint16", "float16", "bfloat16" -> Short.BYTES;
      case "int32", "uint32", "float" -> Integer.BYTES;
      case "int64", "uint64", "double" -> Long.BYTES;
      default -> throw new EngineException("An element of " + this + " has no fixed size.");
    };
  }

  /** For messages: {@code pixel_values float[?,3,224,224]}. */
  @Override
  public String toString() {
    return shape.stream()
        .map(d -> d < 0 ? "?" : d.toString())
        .collect(Collectors.joining(",", name + " " + type + "[", "]"));
  }
}
