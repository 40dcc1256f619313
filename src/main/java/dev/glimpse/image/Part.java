package dev.glimpse.image;

/** Says which part of an image is needed. */
@FunctionalInterface
public interface Part {

  /** All of it. */
  Part WHOLE = (width, height) -> new Window(0, 0, width, height);

  /**
   * Returns the part, which lies inside the image.
   *
   * @param width of the image, at the size to which it is decoded, in pixels
   * @param height of the image, likewise
   */
  Window of(int width, int height);
}
