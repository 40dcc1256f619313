package dev.glimpse.image;

import java.nio.ByteBuffer;

/** Compares the first bytes of a file with a format's signature ("magic number"). */
public final class Signature {

  private Signature() {}

  /**
   * Tells whether the file has these bytes at this offset; false if it is too short.
   *
   * @param offset in bytes from the start, 0 or more
   * @param expected one byte each, 0 to 255
   */
  public static boolean matches(ByteBuffer file, int offset, int... expected) {
    if (file.limit() < offset + expected.length) {
      return false;
    }
    for (int i = 0; i < expected.length; i++) {
      if ((file.get(offset + i) & 0xFF) != expected[i]) {
        return false;
      }
    }
    return true;
  }
}
