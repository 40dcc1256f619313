package dev.glimpse.engine;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Describes a graph's input or output as the graph declares it.
 *
 * @param name the tensor's name
 * @param type its element type by its ONNX name, such as {@code float} or {@code uint8}
 * @param shape its dimensions; −1 for a dynamic one
 */
public record TensorSpec(String name, String type, List<Long> shape) {

  public TensorSpec {
    shape = List.copyOf(shape);
  }

  /** Returns the number of dimensions. */
  public int rank() {
    return shape.size();
  }

  /** Returns one dimension, or −1 if it is dynamic. */
  public long dimension(int index) {
    return shape.get(index);
  }

  /**
   * Returns the bytes per element.
   *
   * @throws EngineException if elements have no fixed number of whole bytes: strings and 4-bit
   *     types
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

  /** Returns the text for messages: {@code pixel_values float[?,3,224,224]}. */
  @Override
  public String toString() {
    return shape.stream()
        .map(d -> d < 0 ? "?" : d.toString())
        .collect(Collectors.joining(",", name + " " + type + "[", "]"));
  }
}
