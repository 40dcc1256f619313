package dev.glimpse.image.tiff;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.image.ImageHeader;
import dev.glimpse.image.Orientation;

/** Reads the header of a TIFF's first page and checks that its kind is supported. */
final class TiffHeader {

  private static final int ORIENTATION = 274;

  private TiffHeader() {}

  /**
   * Reads the header.
   *
   * @throws ServingException UNSUPPORTED_MEDIA_TYPE if the page is of a kind that is not supported
   * @throws IndexOutOfBoundsException if a tag lies outside the file
   */
  static ImageHeader read(byte[] bytes) {
    if (bytes[2] == 43 || bytes[3] == 43) {
      throw unsupported("with 64-bit offsets (BigTIFF)");
    }
    TiffDirectory tags = new TiffDirectory(bytes);
    TiffLayout layout = TiffLayout.of(tags);
    TiffColours.of(tags, layout);
    Orientation orientation = Orientation.ofTag(tags.value(ORIENTATION, 1), Orientation.UPRIGHT);
    return new ImageHeader(layout.width(), layout.height(), orientation);
  }

  /** A good picture, but of a kind that is not supported. */
  static ServingException unsupported(String kind) {
    return new ServingException(
        Failure.UNSUPPORTED_MEDIA_TYPE, "TIFF images " + kind + " are not supported.");
  }
}
