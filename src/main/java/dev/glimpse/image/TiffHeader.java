package dev.glimpse.image;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;

/** What a TIFF file says of its first page, and whether it is of a kind that is read. */
final class TiffHeader {

  private static final int ORIENTATION = 274;

  private TiffHeader() {}

  /**
   * Reads the header.
   *
   * @throws ServingException UNSUPPORTED_MEDIA_TYPE if the page is of a kind that is not read
   * @throws IndexOutOfBoundsException if a tag lies outside the file
   */
  static ImageHeader read(byte[] bytes) {
    if (bytes[2] == 43 || bytes[3] == 43) {
      throw unsupported("of more than 4 GB (BigTIFF)");
    }
    TiffDirectory tags = new TiffDirectory(bytes);
    TiffLayout layout = TiffLayout.of(tags);
    TiffColours.of(tags, layout);
    Orientation orientation = Orientation.ofTag(tags.value(ORIENTATION, 1), Orientation.UPRIGHT);
    return new ImageHeader(ImageFormat.TIFF, layout.width(), layout.height(), orientation);
  }

  /** A good picture, but of a kind that is not read. */
  static ServingException unsupported(String kind) {
    return new ServingException(
        Failure.UNSUPPORTED_MEDIA_TYPE, "TIFF pictures " + kind + " are not read.");
  }
}
