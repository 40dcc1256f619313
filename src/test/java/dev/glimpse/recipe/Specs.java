package dev.glimpse.recipe;

import dev.glimpse.engine.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Tensors of graphs that need not exist. */
public final class Specs {

  private Specs() {}

  /** What {@code float[?,3,224,224]} describes. */
  public static TensorSpec of(String text) {
    String[] parts = text.split("[\\[\\]]");
    return new TensorSpec(
        "input",
        parts[0],
        Arrays.stream(parts[1].split(","))
            .map(n -> n.equals("?") ? -1 : Long.parseLong(n))
            .toList());
  }

  /** Bytes of a little-endian file as this machine would have them in memory. */
  public static byte[] inNativeOrder(byte[] file, String text) {
    int size = text.startsWith("float16") ? 2 : text.startsWith("float") ? 4 : 1;
    if (size == 1 || ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN) {
      return file;
    }
    ByteBuffer swapped = ByteBuffer.allocate(file.length);
    for (int i = 0; i < file.length; i++) {
      swapped.put(i - i % size + size - 1 - i % size, file[i]);
    }
    return swapped.array();
  }
}
