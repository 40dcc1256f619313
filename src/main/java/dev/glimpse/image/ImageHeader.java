package dev.glimpse.image;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What a picture says of itself before any of it is decoded.
 *
 * @param format how it is encoded
 * @param width stored width in pixels, 1 or more, before orientation is applied
 * @param height stored height in pixels, 1 or more, before orientation is applied
 * @param orientation how it is to be turned
 */
public record ImageHeader(ImageFormat format, int width, int height, Orientation orientation) {

  /**
   * Reads the header; costs no more than walking over a few segments, whatever size the picture
   * claims to have.
   *
   * @throws ServingException UNREADABLE_IMAGE if there is no whole header, or a side of 0 pixels;
   *     UNSUPPORTED_MEDIA_TYPE if it is of no format that is read
   */
  public static ImageHeader read(byte[] bytes) {
    ImageFormat format = ImageFormat.of(bytes);
    ImageHeader header;
    try {
      header =
          switch (format) {
            case JPEG -> jpeg(bytes);
            case PNG -> png(bytes);
            case GIF -> gif(bytes);
            case BMP -> bmp(ByteBuffer.wrap(bytes));
            case TIFF -> TiffHeader.read(bytes);
            case WEBP -> WebpHeader.read(bytes);
            default -> throw new IllegalStateException("Not a format that is read: " + format);
          };
    } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
      throw unreadable(format, "it ends before its header does", e);
    }
    if (header.width < 1 || header.height < 1) {
      throw unreadable(format, "its header says that it has no pixels", null);
    }
    return header;
  }

  /** Width times height. */
  public long pixels() {
    return (long) width * height;
  }

  private static ImageHeader png(byte[] bytes) {
    // Signature (8), chunk length (4), "IHDR" (4), width (4), height (4).
    ByteBuffer in = ByteBuffer.wrap(bytes).position(16);
    int width = in.getInt();
    int height = in.getInt();
    Orientation orientation =
        PngChunks.exif(bytes)
            .map(exif -> Orientation.ofChunk(exif, Orientation.UPRIGHT))
            .orElse(Orientation.UPRIGHT);
    return new ImageHeader(ImageFormat.PNG, width, height, orientation);
  }

  private static ImageHeader gif(byte[] bytes) {
    GifFrame frame = GifFrame.read(bytes);
    return new ImageHeader(ImageFormat.GIF, frame.width(), frame.height(), Orientation.UPRIGHT);
  }

  private static ImageHeader bmp(ByteBuffer in) {
    in.order(ByteOrder.LITTLE_ENDIAN).position(14);
    boolean os2 = in.getInt() == 12;
    int width = os2 ? Short.toUnsignedInt(in.getShort()) : in.getInt();
    int height = os2 ? Short.toUnsignedInt(in.getShort()) : in.getInt();
    // A negative height says that the rows are stored from the top.
    return new ImageHeader(ImageFormat.BMP, width, Math.abs(height), Orientation.UPRIGHT);
  }

  private static ImageHeader jpeg(byte[] bytes) {
    JpegSegments segments = new JpegSegments(bytes);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    JpegSegments.Segment frame =
        segments
            .frame()
            .orElseThrow(() -> unreadable(ImageFormat.JPEG, "it has no frame header", null));
    int height = Short.toUnsignedInt(in.getShort(frame.data() + 1));
    int width = Short.toUnsignedInt(in.getShort(frame.data() + 3));
    Orientation orientation = Orientation.UPRIGHT;
    for (JpegSegments.Segment segment : segments.all(JpegSegments.APP1)) {
      ByteBuffer content = in.slice(segment.data(), segment.end() - segment.data());
      orientation = Orientation.ofExif(content, orientation);
    }
    return new ImageHeader(ImageFormat.JPEG, width, height, orientation);
  }

  private static ServingException unreadable(
      ImageFormat format, String why, @org.jspecify.annotations.Nullable Exception cause) {
    String detail = "The bytes claim to be a " + format + " picture and are not: " + why + ".";
    return new ServingException(Failure.UNREADABLE_IMAGE, detail, cause);
  }
}
