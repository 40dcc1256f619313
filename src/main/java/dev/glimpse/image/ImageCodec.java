package dev.glimpse.image;

import dev.glimpse.failure.ServingException;
import java.nio.ByteBuffer;

/**
 * Reads one image format: recognises it, reads its header, says what decoding costs, and decodes.
 * Stateless; any thread may call it. The methods are called in the order {@link #matches}, {@link
 * #isAvailable}, {@link #header}, {@link #estimateNanos}, and, when it is the image's turn, the
 * first three again, {@link #estimateBytes}, {@link #decode}; between them the caller checks the
 * limits on pixels and memory. They receive the whole file, from 0 to the buffer's limit, leave its
 * position as it is, and keep no reference to it. A codec that decodes on the heap receives it, but
 * for {@link #matches}, in an array that holds nothing else.
 *
 * <p>A codec that finds a valid image of a kind that it does not support throws a {@link
 * ServingException} with UNSUPPORTED_MEDIA_TYPE. Any other runtime exception, such as an {@link
 * ArrayIndexOutOfBoundsException}, means that the file is corrupt.
 */
public interface ImageCodec extends ImageFormat {

  /**
   * Tells whether images can be decoded here: a codec may need a native library that is not
   * installed. The first call may load that library.
   */
  default boolean isAvailable() {
    return true;
  }

  /**
   * Says what to install where {@link #isAvailable} is false, such as "libwebp, which is not
   * installed (on Debian, the package libwebp7)".
   */
  default String missing() {
    return "a library, which is not installed";
  }

  /** Names what decodes, for operators: the native library and its version, or "Java". */
  default String implementation() {
    return "Java";
  }

  /** Tells whether {@link #estimateBytes} is of the Java heap; otherwise of native memory. */
  default boolean decodesOnHeap() {
    return true;
  }

  /**
   * Returns a file with one of its pages in the place of the first; the other methods read the
   * first. By default an image has one page.
   *
   * @param file the whole file; the result may be the same array, changed, if the caller allows it
   * @param page 1 or more
   * @param mayChange whether the file may be changed, as nothing else reads it
   * @throws ServingException INVALID_PARAMETER if there is no such page
   * @throws UnreadableImage if the file ends before it
   */
  default ByteBuffer withPageFirst(ByteBuffer file, int page, boolean mayChange)
      throws UnreadableImage {
    throw ServingException.invalid(
        "page",
        "must be 0, as only TIFF images have pages, and this is a %s image".formatted(name()));
  }

  /**
   * Reads the header. Takes time and memory for a walk over the file's parts, whatever size the
   * image claims to have.
   *
   * @param file the whole file
   * @return the sides may be 0 or less if the file says so; the caller checks them
   * @throws UnreadableImage if the header is missing
   * @throws java.nio.BufferUnderflowException if the file ends before its header does; an {@link
   *     IndexOutOfBoundsException} or {@link IllegalArgumentException} means the same
   */
  ImageHeader header(ByteBuffer file) throws UnreadableImage;

  /**
   * Estimates the memory that {@link #decode} takes for its result and for intermediate data,
   * besides the file.
   *
   * @param file the whole file
   * @param header the file's header, within the limits
   * @param scale as for {@link #decode}
   * @return in bytes; rather a little too much than too little
   */
  long estimateBytes(ByteBuffer file, ImageHeader header, double scale);

  /**
   * Says what to send in place of an image that needs too much memory, such as "a smaller image".
   *
   * @param file the whole file
   */
  default String smaller(ByteBuffer file) {
    return "a smaller image";
  }

  /**
   * Estimates how long {@link #decode}, and resizing its result, keep a core busy.
   *
   * @param file the whole file
   * @param header the file's header, within the limits
   * @param scale as for {@link #decode}
   * @return in nanoseconds; by default 10 a pixel and 25 a byte, as for a PNG, where inflating
   *     takes most of the time
   */
  default long estimateNanos(ByteBuffer file, ImageHeader header, double scale) {
    return 10 * header.pixels() + 25L * file.limit();
  }

  /**
   * Decodes an image as it is stored: orientation and colour profile are not applied, transparency
   * is laid over white, and only the first frame of an animation is decoded.
   *
   * @param file the whole file; not needed after the call
   * @param header the file's header, within the limits
   * @param scale the smallest fraction of width and height that the caller needs, above 0 and at
   *     most 1; a codec may decode at a larger scale, up to 1
   * @param memory provides native memory to codecs that call native code
   * @return pixels of the stored size, or of a smaller one that is at least {@code scale} of it; to
   *     be closed by the caller
   * @throws UnreadableImage if the file is truncated or corrupt
   */
  Pixels decode(ByteBuffer file, ImageHeader header, double scale, PixelMemory memory)
      throws UnreadableImage;

  /**
   * Decodes at least a part of an image; otherwise as {@link #decode}. By default decodes all of
   * it.
   *
   * @param part in the image as it is stored
   */
  default Pixels decodePart(
      ByteBuffer file, ImageHeader header, double scale, Part part, PixelMemory memory)
      throws UnreadableImage {
    return decode(file, header, scale, memory);
  }

  /** Returns the array that holds a file and nothing else, as it does if it is on the heap. */
  static byte[] array(ByteBuffer file) {
    byte[] array = file.array();
    if (file.arrayOffset() != 0 || array.length != file.limit()) {
      throw new IllegalStateException("The file is not alone in its array.");
    }
    return array;
  }
}
