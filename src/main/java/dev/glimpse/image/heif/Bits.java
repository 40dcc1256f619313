package dev.glimpse.image.heif;

import java.nio.ByteBuffer;

/** Reads fields of a few bits, the highest bit first, and Exp-Golomb codes. */
final class Bits {

  private final ByteBuffer in;
  private int position;

  /** Reads from the buffer's position on, which stays as it is. */
  Bits(ByteBuffer in) {
    this.in = in.slice();
  }

  /**
   * Reads HEVC's syntax, in which the byte 3 after two zero bytes is not part of it.
   *
   * @param nal from the first byte after the header on
   * @param most bytes that are read at most
   */
  static Bits unescaped(ByteBuffer nal, int most) {
    ByteBuffer out = ByteBuffer.allocate(Math.min(nal.remaining(), most));
    int zeros = 0;
    for (int i = nal.position(); i < nal.limit() && out.hasRemaining(); i++) {
      byte next = nal.get(i);
      if (zeros >= 2 && next == 3) {
        zeros = 0;
        continue;
      }
      zeros = next == 0 ? zeros + 1 : 0;
      out.put(next);
    }
    return new Bits(out.flip());
  }

  boolean flag() {
    return read(1) == 1;
  }

  /**
   * Reads a number.
   *
   * @param count its bits, 0 to 32
   * @throws IndexOutOfBoundsException at the end
   */
  long read(int count) {
    long value = 0;
    for (int i = 0; i < count; i++, position++) {
      value = (value << 1) | ((in.get(position >> 3) >> (7 - (position & 7))) & 1);
    }
    return value;
  }

  void skip(int count) {
    position += count;
  }

  /** Reads an Exp-Golomb code, ue(v); AV1's uvlc() is the same. */
  long golomb() {
    int zeros = 0;
    while (!flag()) {
      if (++zeros == 32) {
        throw new IllegalArgumentException("A code of more than 32 bits");
      }
    }
    return (1L << zeros) - 1 + read(zeros);
  }
}
