package dev.glimpse.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** Changes the weights of a graph that are stored in its file. */
public final class Weights {

  private Weights() {}

  /** Replaces every occurrence of a number, which must occur. */
  public static void replace(Path file, float what, float by) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
      int found = 0;
      for (int i = 0; i <= bytes.limit() - Float.BYTES; i++) {
        if (bytes.getInt(i) == Float.floatToIntBits(what)) {
          bytes.putFloat(i, by);
          found++;
        }
      }
      if (found == 0) {
        throw new IllegalStateException(file + " does not hold " + what);
      }
      Files.write(file, bytes.array());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
