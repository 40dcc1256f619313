package dev.glimpse.image.gif;

import dev.glimpse.image.UnreadableImage;

/**
 * Expands GIF's variant of <a href="https://www.w3.org/Graphics/GIF/spec-gif89a.txt">LZW</a>: codes
 * of a growing number of bits, lowest bit first, in blocks of up to 255 bytes. Not thread-safe.
 */
final class GifLzw {

  private static final int MAX_BITS = 12;
  private static final int TABLE = 1 << MAX_BITS;

  private final byte[] bytes;
  private final int firstBits;

  /** Each code's last byte, the code of what precedes that byte, and the total length. */
  private final byte[] last = new byte[TABLE];

  private final short[] before = new short[TABLE];
  private final short[] length = new short[TABLE];

  private int at;
  private int left;
  private int buffer;
  private int buffered;

  /**
   * Reads the data of one frame.
   *
   * @param bytes the whole file
   * @param start offset of the frame's data, which begin with the size of the codes
   * @throws UnreadableImage if that size is impossible
   */
  GifLzw(byte[] bytes, int start) throws UnreadableImage {
    this.bytes = bytes;
    this.firstBits = bytes[start];
    this.at = start + 1;
    // An index has at most 8 bits, but some writers begin with more.
    if (firstBits < 0 || firstBits >= MAX_BITS) {
      throw new UnreadableImage("corrupt, its LZW code size is invalid");
    }
    for (int i = 0; i < 1 << firstBits; i++) {
      last[i] = (byte) i;
      length[i] = 1;
    }
  }

  /**
   * Fills the array with indices; ignores what follows them.
   *
   * @throws UnreadableImage if there are fewer indices, or they are corrupt
   */
  void read(byte[] indices) throws UnreadableImage {
    int clear = 1 << firstBits;
    int end = clear + 1;
    int next = clear + 2;
    int bits = firstBits + 1;
    int previous = -1;
    int done = 0;
    while (done < indices.length) {
      int code = code(bits);
      if (code == clear) {
        next = clear + 2;
        bits = firstBits + 1;
        previous = -1;
        continue;
      }
      if (code == end) {
        throw new UnreadableImage("truncated");
      }
      if (previous < 0 ? code > clear : code > next) {
        throw new UnreadableImage("corrupt");
      }
      if (previous < 0) {
        indices[done++] = last[code];
      } else if (code == next) {
        // The code that is only now defined: the previous text, then its first byte again.
        int from = done;
        done += write(previous, indices, done);
        if (done < indices.length) {
          indices[done++] = indices[from];
        }
        define(next, previous, indices[from]);
      } else {
        int from = done;
        done += write(code, indices, done);
        if (next < TABLE) {
          define(next, previous, indices[from]);
        }
      }
      if (previous >= 0 && next < TABLE) {
        if (next == (1 << bits) - 1 && bits < MAX_BITS) {
          bits++;
        }
        next++;
      }
      previous = code;
    }
  }

  private void define(int code, int prefix, byte suffix) {
    before[code] = (short) prefix;
    last[code] = suffix;
    length[code] = (short) (length[prefix] + 1);
  }

  /** Writes the text of a code, or the part that fits; returns how many bytes. */
  private int write(int code, byte[] indices, int from) {
    int count = length[code];
    int rest = code;
    for (int to = from + count - 1; to >= from; to--) {
      if (to < indices.length) {
        indices[to] = last[rest];
      }
      rest = before[rest];
    }
    return Math.min(count, indices.length - from);
  }

  private int code(int bits) throws UnreadableImage {
    while (buffered < bits) {
      if (left == 0) {
        left = at < bytes.length ? bytes[at++] & 0xFF : 0;
        // An empty block is the last one; an incomplete block means a truncated file.
        if (left == 0 || left > bytes.length - at) {
          throw new UnreadableImage("truncated");
        }
      }
      buffer |= (bytes[at++] & 0xFF) << buffered;
      buffered += 8;
      left--;
    }
    int code = buffer & ((1 << bits) - 1);
    buffer >>>= bits;
    buffered -= bits;
    return code;
  }
}
