package dev.glimpse.image;

/**
 * Holds what an image file says about itself before any of it is decoded.
 *
 * @param width stored width in pixels, before orientation is applied
 * @param height stored height in pixels, before orientation is applied
 * @param orientation how the stored image has to be turned to stand upright
 */
public record ImageHeader(int width, int height, Orientation orientation) {

  /** Returns width times height. */
  public long pixels() {
    return (long) width * height;
  }
}
