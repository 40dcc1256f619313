package dev.glimpse.image;

/**
 * Holds what an image file says about itself before any of it is decoded.
 *
 * @param width stored width in pixels, before orientation is applied
 * @param height stored height in pixels, before orientation is applied
 * @param orientation how the stored image has to be turned to stand upright
 * @param decoded how many pixels are decoded; more than those of the image if it is cropped
 */
public record ImageHeader(int width, int height, Orientation orientation, long decoded) {

  /** Describes an image of which all pixels are decoded once. */
  public ImageHeader(int width, int height, Orientation orientation) {
    this(width, height, orientation, (long) width * height);
  }

  /** Returns width times height. */
  public long pixels() {
    return (long) width * height;
  }
}
