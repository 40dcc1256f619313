package dev.glimpse.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * How a stored picture is to be turned to stand upright: <a
 * href="https://www.cipa.jp/std/documents/download_e.html?DC-008-Translation-2023-E">EXIF</a> tag
 * 0x0112, values 1 to 8 in this order.
 */
public enum Orientation {
  UPRIGHT(false, false, false),
  MIRRORED(false, true, false),
  TURNED_180(false, true, true),
  FLIPPED(false, false, true),
  TRANSPOSED(true, false, false),
  TURNED_RIGHT(true, true, false),
  TRANSVERSED(true, true, true),
  TURNED_LEFT(true, false, true);

  private static final int TAG = 0x0112;
  private static final int SHORT = 3;

  private final boolean transpose;
  private final boolean mirrorX;
  private final boolean mirrorY;

  Orientation(boolean transpose, boolean mirrorX, boolean mirrorY) {
    this.transpose = transpose;
    this.mirrorX = mirrorX;
    this.mirrorY = mirrorY;
  }

  /** Whether width and height change places. */
  boolean transposes() {
    return transpose;
  }

  /**
   * Turns a picture upright.
   *
   * @return the picture itself if there is nothing to turn
   */
  Pixels apply(Pixels stored) {
    if (this == UPRIGHT) {
      return stored;
    }
    int width = transpose ? stored.height() : stored.width();
    int height = transpose ? stored.width() : stored.height();
    byte[] from = stored.rgb();
    byte[] to = new byte[from.length];
    for (int y = 0, at = 0; y < height; y++) {
      for (int x = 0; x < width; x++, at += 3) {
        int turnedX = mirrorX ? width - 1 - x : x;
        int turnedY = mirrorY ? height - 1 - y : y;
        int storedX = transpose ? turnedY : turnedX;
        int storedY = transpose ? turnedX : turnedY;
        int source = (storedY * stored.width() + storedX) * 3;
        to[at] = from[source];
        to[at + 1] = from[source + 1];
        to[at + 2] = from[source + 2];
      }
    }
    return new Pixels(width, height, to);
  }

  /**
   * Finds the orientation in a JPEG's APP1 segment.
   *
   * @param segment the segment without its marker and length
   * @param otherwise the answer if the segment is not EXIF, is broken, or says nothing
   */
  static Orientation ofExif(ByteBuffer segment, Orientation otherwise) {
    // "Exif", two zero bytes, then a TIFF file.
    if (segment.remaining() < 14 || segment.getInt(0) != 0x45786966) {
      return otherwise;
    }
    ByteBuffer tiff = segment.slice(6, segment.remaining() - 6);
    tiff.order(tiff.getShort(0) == 0x4949 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    long directory = Integer.toUnsignedLong(tiff.getInt(4));
    if (directory + 2 > tiff.limit()) {
      return otherwise;
    }
    int entries = Short.toUnsignedInt(tiff.getShort((int) directory));
    for (int i = 0; i < entries; i++) {
      long entry = directory + 2 + 12L * i;
      if (entry + 12 > tiff.limit()) {
        return otherwise;
      }
      if (Short.toUnsignedInt(tiff.getShort((int) entry)) == TAG
          && tiff.getShort((int) entry + 2) == SHORT) {
        int value = tiff.getShort((int) entry + 8);
        return ofTag(value, otherwise);
      }
    }
    return otherwise;
  }

  /** By the tag's value. */
  static Orientation ofTag(long value, Orientation otherwise) {
    return value >= 1 && value <= 8 ? values()[(int) value - 1] : otherwise;
  }
}
