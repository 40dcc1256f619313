package dev.glimpse.preprocess;

/**
 * Says which part of an image a model sees, in fractions of the image's width and height: 0 is the
 * left or the top edge, 1 the right or the bottom one. Below 0 and above 1 it sees padding.
 *
 * @param left edge of what it sees
 * @param top edge
 * @param right edge, more than {@code left}
 * @param bottom edge, more than {@code top}
 */
public record View(double left, double top, double right, double bottom) {

  /** Returns where a point of the image is in the view: 0 at its left edge, 1 at its right one. */
  public double x(double imageX) {
    return (imageX - left) / (right - left);
  }

  /** Returns where a point of the image is in the view: 0 at its top edge, 1 at its bottom one. */
  public double y(double imageY) {
    return (imageY - top) / (bottom - top);
  }
}
