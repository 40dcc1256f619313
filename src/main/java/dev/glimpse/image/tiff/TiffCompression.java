package dev.glimpse.image.tiff;

import dev.glimpse.image.UnreadableImage;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Expands strips and tiles of a TIFF file, by the compressions that are supported. */
enum TiffCompression {
  NONE,
  PACK_BITS,
  LZW,
  DEFLATE;

  /**
   * Returns the compression with this number.
   *
   * @param code the value of {@link TiffTag#COMPRESSION}
   * @throws dev.glimpse.failure.ServingException UNSUPPORTED_MEDIA_TYPE if it is not supported
   */
  static TiffCompression of(long code) {
    if (code == 1) {
      return NONE;
    } else if (code == 5) {
      return LZW;
    } else if (code == 8 || code == 32946) {
      return DEFLATE;
    } else if (code == 32773) {
      return PACK_BITS;
    }
    throw UnsupportedTiff.of(
        switch ((int) code) {
          case 2, 3, 4 -> "with fax compression (CCITT)";
          case 6, 7 -> "with JPEG inside";
          default -> String.format(Locale.ROOT, "with compression %d", code);
        });
  }

  /**
   * Fills {@code out} with expanded bytes; ignores what follows them.
   *
   * @param at offset of the compressed bytes in {@code in}
   * @param length number of compressed bytes
   * @throws UnreadableImage if there are fewer bytes, or they are corrupt
   */
  void expand(byte[] in, int at, int length, byte[] out) throws UnreadableImage {
    int written =
        switch (this) {
          case NONE -> {
            System.arraycopy(in, at, out, 0, Math.min(length, out.length));
            yield Math.min(length, out.length);
          }
          case PACK_BITS -> packBits(in, at, at + length, out);
          case LZW -> new TiffLzw(in, at, at + length).expand(out);
          case DEFLATE -> inflate(in, at, length, out);
        };
    if (written < out.length) {
      throw new UnreadableImage("truncated");
    }
  }

  private static int packBits(byte[] in, int at, int end, byte[] out) {
    int to = 0;
    while (to < out.length && at + 1 < end) {
      int code = in[at++];
      if (code >= 0) {
        int count = Math.min(code + 1, Math.min(end - at, out.length - to));
        System.arraycopy(in, at, out, to, count);
        at += code + 1;
        to += count;
      } else if (code != -128) {
        int count = Math.min(1 - code, out.length - to);
        Arrays.fill(out, to, to + count, in[at++]);
        to += count;
      }
    }
    return to;
  }

  private static int inflate(byte[] in, int at, int length, byte[] out) throws UnreadableImage {
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(in, at, length);
      int to = 0;
      while (to < out.length) {
        int count = inflater.inflate(out, to, out.length - to);
        if (count == 0) {
          break; // at the end, out of input, or a dictionary is needed
        }
        to += count;
      }
      return to;
    } catch (DataFormatException e) {
      throw new UnreadableImage("corrupt, its compressed data are invalid");
    } finally {
      inflater.end();
    }
  }
}
