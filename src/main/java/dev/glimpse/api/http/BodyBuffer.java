package dev.glimpse.api.http;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;

/**
 * Collects a body as it arrives. An announced length alone gets no array of that length; it does in
 * two or three steps, so that the body need not be copied in the end. For one thread.
 */
final class BodyBuffer {

  static final int FIRST_BYTES = 64 << 10;

  /** How many times as much memory an announced body gets when it has filled what it had. */
  private static final int MORE = 16;

  private final long announced;
  private byte[] bytes;
  private int length;

  /**
   * Creates an empty buffer.
   *
   * @param announced in bytes; below 0 if it is not known
   */
  BodyBuffer(long announced) {
    this.announced = announced;
    this.bytes = new byte[(int) (announced < 0 ? FIRST_BYTES : Math.min(announced, FIRST_BYTES))];
  }

  /** Returns how many bytes have arrived. */
  int length() {
    return length;
  }

  /** Returns how many bytes of memory it takes to append so many bytes, now or at the peak. */
  long bytesToAppend(int more) {
    long needed = (long) length + more;
    return needed <= bytes.length ? bytes.length : bytes.length + capacityFor(needed);
  }

  /** Appends the next bytes. */
  void append(Buffer chunk) {
    int needed = Math.addExact(length, chunk.length());
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, capacityFor(needed));
    }
    chunk.getBytes(bytes, length);
    length = needed;
  }

  /** Returns what has arrived; nothing is to be appended after that. */
  byte[] bytes() {
    return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
  }

  private int capacityFor(long needed) {
    long roomy =
        announced >= needed ? Math.min(announced, MORE * (long) bytes.length) : 2L * bytes.length;
    return (int) Math.min(Math.max(needed, roomy), Integer.MAX_VALUE - 8);
  }
}
