package dev.glimpse.image;

import java.util.OptionalDouble;

/**
 * Says what an image file holds, as its header has it.
 *
 * @param format its usual name, such as "JPEG"
 * @param width of the whole image, upright, in pixels, 1 or more
 * @param height of the whole image, upright, in pixels, 1 or more
 * @param bytes the length of the file
 * @param brightness the mean of its pixels, as {@link Brightness} has it; empty unless it was asked
 *     for
 */
public record ImageFacts(
    String format, int width, int height, int bytes, OptionalDouble brightness) {

  /** Returns the same facts with those that only the decoded image tells. */
  public ImageFacts with(Pixels pixels) {
    return new ImageFacts(format, width, height, bytes, OptionalDouble.of(Brightness.of(pixels)));
  }
}
