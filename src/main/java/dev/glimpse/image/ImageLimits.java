package dev.glimpse.image;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import java.nio.ByteBuffer;

/**
 * Refuses images that are too large to decode, by what their headers say. Any thread may use it.
 *
 * @param maxPixels of an image: {@code glimpse.image.max-pixels}
 * @param maxMemory bytes to decode it: {@code glimpse.image.max-memory}
 * @param workCapacity bytes on the heap of all requests: {@code glimpse.memory.work}
 */
public record ImageLimits(long maxPixels, long maxMemory, long workCapacity) {

  /**
   * The longest side of a JPEG, in pixels. The memory that resizing needs besides the image grows
   * with the sides.
   */
  public static final int MAX_SIDE = 65_535;

  private static final long MEGABYTE = 1_000_000;

  /**
   * Checks the sides and the number of pixels.
   *
   * @throws ServingException TOO_LARGE if there are more than is allowed
   */
  void checkSize(ImageHeader header) {
    if (Math.max(header.width(), header.height()) > MAX_SIDE) {
      throw new ServingException(
          Failure.TOO_LARGE,
          "The image has %d×%d pixels; each side may have at most %d."
              .formatted(header.width(), header.height(), MAX_SIDE));
    }
    if (header.pixels() > maxPixels) {
      throw new ServingException(
          Failure.TOO_LARGE,
          "The image has %d×%d pixels; at most %d pixels are accepted. Send a smaller one, or raise glimpse.image.max-pixels."
              .formatted(header.width(), header.height(), maxPixels));
    }
    if (header.decoded() > 2 * maxPixels) {
      throw new ServingException(
          Failure.TOO_LARGE,
          "The image has %d pixels before it is cropped; at most %d pixels are accepted. Send a smaller one, or raise glimpse.image.max-pixels."
              .formatted(header.decoded(), maxPixels));
    }
  }

  /**
   * Checks the memory that decoding needs.
   *
   * @param file says how it can be made smaller
   * @param needed in bytes
   * @throws ServingException TOO_LARGE if it is more than is allowed
   */
  void checkMemory(ImageCodec codec, ByteBuffer file, long needed) {
    boolean byHeap = codec.decodesOnHeap() && workCapacity < maxMemory;
    long most = byHeap ? workCapacity : maxMemory;
    if (needed > most) {
      throw new ServingException(
          Failure.TOO_LARGE,
          "Decoding the image needs %d MB of memory; at most %d MB are allowed. Send %s, or raise %s."
              .formatted(
                  needed / MEGABYTE + 1,
                  most / MEGABYTE,
                  codec.smaller(file),
                  byHeap ? "glimpse.memory.work or the heap" : "glimpse.image.max-memory"));
    }
  }
}
