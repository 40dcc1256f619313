package dev.glimpse.image.tiff;

import dev.glimpse.image.UnreadableImage;

/**
 * Expands LZW as in <a href="https://www.itu.int/itudoc/itu-t/com16/tiff-fx/docs/tiff6.pdf">TIFF
 * 6.0</a>, section 13: codes of 9 to 12 bits, highest bit first, that grow longer one code early.
 * Not thread-safe.
 */
final class TiffLzw {

  private static final int CLEAR = 256;
  private static final int END = 257;
  private static final int FIRST = 258;
  private static final int CODES = 4096;

  private final byte[] in;
  private final int end;
  private int at;
  private int buffer;
  private int buffered;

  // The text of a code is that of another code and one more byte.
  private final short[] prefix = new short[CODES];
  private final byte[] last = new byte[CODES];
  private final byte[] first = new byte[CODES];
  private final short[] length = new short[CODES];

  TiffLzw(byte[] in, int at, int end) {
    this.in = in;
    this.at = at;
    this.end = end;
    for (int i = 0; i < CLEAR; i++) {
      last[i] = (byte) i;
      first[i] = (byte) i;
      length[i] = 1;
    }
  }

  /**
   * Fills {@code out}, as far as there is data.
   *
   * @return the number of bytes written
   * @throws UnreadableImage if a code is used before it is defined
   */
  int expand(byte[] out) throws UnreadableImage {
    int to = 0;
    int next = FIRST;
    int width = 9;
    int previous = -1;
    while (to < out.length) {
      int code = read(width);
      if (code == END || code < 0) {
        return to;
      }
      if (code == CLEAR) {
        next = FIRST;
        width = 9;
        previous = -1;
        continue;
      }
      if (previous >= 0 && next < CODES) {
        prefix[next] = (short) previous;
        first[next] = first[previous];
        // If the code is the one being defined, its text ends with its own first byte.
        last[next] = code == next ? first[previous] : first[code];
        length[next] = (short) (length[previous] + 1);
        next++;
      }
      if (code >= next) {
        throw new UnreadableImage("corrupt, an LZW code is undefined");
      }
      to = write(code, out, to);
      if (next == (1 << width) - 1 && width < 12) {
        width++;
      }
      previous = code;
    }
    return to;
  }

  private int write(int code, byte[] out, int to) {
    int stop = to + length[code];
    for (int i = stop - 1; i >= to; i--) {
      if (i < out.length) {
        out[i] = last[code];
      }
      code = prefix[code];
    }
    return Math.min(stop, out.length);
  }

  /** Reads the next code; −1 at the end. */
  private int read(int width) {
    while (buffered < width) {
      if (at >= end) {
        return -1;
      }
      buffer = (buffer << 8) | (in[at++] & 0xFF);
      buffered += 8;
    }
    buffered -= width;
    return (buffer >>> buffered) & ((1 << width) - 1);
  }
}
