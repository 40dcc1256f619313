package dev.glimpse.api.http;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;

/**
 * A body as it arrives. An announced length alone is not worth memory; once a body has filled what
 * it was given first, it gets twice as much, and never more than announced, so that the array is
 * just as long as the body in the end and need not be copied. For one thread.
 */
final class BodyBuffer {

  private static final int FIRST_BYTES = 64 << 10;

  private final long announced;
  private byte[] bytes;
  private int length;

  /**
   * Nothing yet.
   *
   * @param announced in bytes; below 0 if it is not known
   */
  BodyBuffer(long announced) {
    this.announced = announced < 0 ? Integer.MAX_VALUE : announced;
    this.bytes = new byte[(int) Math.min(this.announced, FIRST_BYTES)];
  }

  int length() {
    return length;
  }

  void append(Buffer chunk) {
    int needed = Math.addExact(length, chunk.length());
    if (needed > bytes.length) {
      long roomy = Math.min(announced, 2L * bytes.length);
      bytes = Arrays.copyOf(bytes, (int) Math.max(needed, roomy));
    }
    chunk.getBytes(bytes, length);
    length = needed;
  }

  /** What has arrived; nothing is to be appended after that. */
  byte[] bytes() {
    return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
  }
}
