package dev.glimpse.image.tiff;

import dev.glimpse.image.UnreadableImage;

/**
 * LZW as TIFF 6.0, section 13, has it: codes of 9 to 12 bits, highest bit first, that grow longer
 * one code early.
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

  // A code stands for the text of another code and one byte more.
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

  /** Returns how many bytes of {@code out} could be filled. */
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
        // The code may be the very one that is being made: its text then ends as it begins.
        last[next] = code == next ? first[previous] : first[code];
        length[next] = (short) (length[previous] + 1);
        next++;
      }
      if (code >= next) {
        throw new UnreadableImage("corrupt, an LZW code is not known yet");
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

  /** The next code; −1 at the end. */
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
