package dev.glimpse.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Says how a stored image has to be turned to stand upright: <a
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

  /** Not what EXIF says, but what some phones write. */
  private static final int LONG = 4;

  /** The characters "Exif". */
  private static final int EXIF = 0x45786966;

  /** The length of these, and of two zero bytes after them. */
  private static final int PREFIX = 6;

  private final boolean transpose;
  private final boolean mirrorX;
  private final boolean mirrorY;

  Orientation(boolean transpose, boolean mirrorX, boolean mirrorY) {
    this.transpose = transpose;
    this.mirrorX = mirrorX;
    this.mirrorY = mirrorY;
  }

  /** Tells whether width and height change places. */
  public boolean transposes() {
    return transpose;
  }

  /** Tells whether left and right change places, after any transposition. */
  public boolean mirrorsX() {
    return mirrorX;
  }

  /** Tells whether top and bottom change places, after any transposition. */
  public boolean mirrorsY() {
    return mirrorY;
  }

  /** Returns the orientation that turns an image in this way, and the result in the next one. */
  public Orientation then(Orientation next) {
    boolean x = next.mirrorX ^ (next.transpose ? mirrorY : mirrorX);
    boolean y = next.mirrorY ^ (next.transpose ? mirrorX : mirrorY);
    for (Orientation both : values()) {
      if (both.transpose == (transpose ^ next.transpose)
          && both.mirrorX == x
          && both.mirrorY == y) {
        return both;
      }
    }
    throw new AssertionError();
  }

  /**
   * Finds a part of the upright image in the stored one.
   *
   * @param upright lies inside the upright image
   * @param width of the stored image, in pixels
   * @param height of the stored image, in pixels
   */
  Window stored(Window upright, int width, int height) {
    int fromRight = (transpose ? height : width) - upright.x() - upright.width();
    int fromBottom = (transpose ? width : height) - upright.y() - upright.height();
    int x = mirrorX ? fromRight : upright.x();
    int y = mirrorY ? fromBottom : upright.y();
    return transpose
        ? new Window(y, x, upright.height(), upright.width())
        : new Window(x, y, upright.width(), upright.height());
  }

  /**
   * Finds the orientation in a JPEG's APP1 segment.
   *
   * @param segment the segment without its marker and length
   * @param otherwise the result if the segment is not EXIF, is corrupt, or has no orientation
   */
  public static Orientation ofExif(ByteBuffer segment, Orientation otherwise) {
    return isExif(segment)
        ? ofTiff(segment.slice(PREFIX, segment.remaining() - PREFIX), otherwise)
        : otherwise;
  }

  /**
   * Returns whether a JPEG's APP1 segment is EXIF.
   *
   * @param segment the segment without its marker and length
   */
  public static boolean isExif(ByteBuffer segment) {
    return segment.remaining() >= PREFIX && segment.getInt(0) == EXIF;
  }

  /**
   * Finds the orientation in the EXIF chunk of a PNG or WebP. It holds what a JPEG has after a
   * prefix; some programs write the prefix here too.
   *
   * @param otherwise the result if the chunk is corrupt or has no orientation
   */
  public static Orientation ofChunk(ByteBuffer chunk, Orientation otherwise) {
    return isExif(chunk) ? ofExif(chunk, otherwise) : ofTiff(chunk, otherwise);
  }

  private static Orientation ofTiff(ByteBuffer tiff, Orientation otherwise) {
    if (tiff.remaining() < 8) {
      return otherwise;
    }
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
      if (Short.toUnsignedInt(tiff.getShort((int) entry)) == TAG) {
        return switch (tiff.getShort((int) entry + 2)) {
          case SHORT -> ofTag(tiff.getShort((int) entry + 8), otherwise);
          case LONG -> ofTag(tiff.getInt((int) entry + 8), otherwise);
          default -> otherwise;
        };
      }
    }
    return otherwise;
  }

  /**
   * Returns the orientation with this value of the tag.
   *
   * @param otherwise the result if the value is not from 1 to 8
   */
  public static Orientation ofTag(long value, Orientation otherwise) {
    return value >= 1 && value <= 8 ? values()[(int) value - 1] : otherwise;
  }
}
