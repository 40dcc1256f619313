package dev.glimpse.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Holds an input or output tensor of a graph.
 *
 * @param spec its name, type and shape, with no dimension left open
 * @param data its elements, row-major, little-endian, from position 0 to the limit; of strings each
 *     one's bytes after their number in 4 bytes
 */
public record Tensor(TensorSpec spec, ByteBuffer data) {

  /** The type of elements whose number of bytes is not fixed. */
  public static final String STRING = "string";

  /**
   * A tensor of strings.
   *
   * @param elements their bytes, as many as the shape says
   */
  public static Tensor ofStrings(String name, List<Long> shape, List<byte[]> elements) {
    int bytes = elements.stream().mapToInt(element -> Integer.BYTES + element.length).sum();
    ByteBuffer data = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    elements.forEach(element -> data.putInt(element.length).put(element));
    return new Tensor(new TensorSpec(name, STRING, shape), data.flip());
  }

  /**
   * Makes a tensor of floats, of shape {@code [rows, columns]}.
   *
   * @param rows at least one, all of the same length
   */
  public static Tensor ofRows(String name, List<float[]> rows) {
    int columns = rows.get(0).length;
    ByteBuffer data =
        ByteBuffer.allocate(rows.size() * columns * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (float[] row : rows) {
      for (float value : row) {
        data.putFloat(value);
      }
    }
    List<Long> shape = List.of((long) rows.size(), (long) columns);
    return new Tensor(new TensorSpec(name, "float", shape), data.flip());
  }

  /** The elements, little-endian, for one reader. */
  public ByteBuffer elements() {
    return data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Counts the strings without copying them.
   *
   * @throws IllegalArgumentException if the lengths do not add up to the bytes that are there
   */
  public int stringCount() {
    int count = 0;
    ByteBuffer left = elements();
    while (left.hasRemaining()) {
      int length = stringLength(left);
      left.position(left.position() + length);
      count++;
    }
    return count;
  }

  /** Reads the length of the next string, and checks that as many bytes follow. */
  private static int stringLength(ByteBuffer left) {
    int length = left.remaining() < Integer.BYTES ? -1 : left.getInt();
    if (length < 0 || length > left.remaining()) {
      throw new IllegalArgumentException("the lengths do not add up");
    }
    return length;
  }

  /**
   * Each string's bytes.
   *
   * @throws IllegalArgumentException if the lengths do not add up to the bytes that are there
   */
  public List<byte[]> strings() {
    List<byte[]> strings = new ArrayList<>();
    ByteBuffer left = elements();
    while (left.hasRemaining()) {
      byte[] string = new byte[stringLength(left)];
      left.get(string);
      strings.add(string);
    }
    return strings;
  }
}
