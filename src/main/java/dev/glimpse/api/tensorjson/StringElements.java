package dev.glimpse.api.tensorjson;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/**
 * Collects strings as a tensor holds them, each one's bytes after their number in 4 bytes,
 * little-endian. An object for each would take many times as much memory as short strings do.
 */
public final class StringElements {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** Appends a string. */
  public void add(byte[] string) {
    for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
      bytes.write(string.length >> shift);
    }
    bytes.writeBytes(string);
  }

  /** Returns all strings so far. */
  public ByteBuffer data() {
    return ByteBuffer.wrap(bytes.toByteArray());
  }
}
