package dev.glimpse.image;

/**
 * A decoded picture, upright.
 *
 * @param width in pixels, 1 or more
 * @param height in pixels, 1 or more
 * @param rgb red, green, blue, one byte each (0 to 255), row by row from the top left; not copied,
 *     so whoever holds the record must not write to it
 */
@SuppressWarnings("ArrayRecordComponent") // megabytes that are never compared
public record Pixels(int width, int height, byte[] rgb) {

  public Pixels {
    if (rgb.length != Math.multiplyExact(Math.multiplyExact(width, height), 3)) {
      throw new IllegalArgumentException(
          "%d bytes are not %d×%d RGB pixels".formatted(rgb.length, width, height));
    }
  }
}
