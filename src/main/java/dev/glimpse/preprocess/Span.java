package dev.glimpse.preprocess;

/**
 * Describes a part of an axis.
 *
 * @param start its first pixel, 0 or more
 * @param length in pixels, 1 or more
 */
record Span(int start, int length) {

  /** Pixels on each side for what rounding may add. */
  private static final int ROUNDING = 2;

  /**
   * Returns at least the pixels that a filter reads for a part of a scaled axis.
   *
   * @param from pixels of the axis
   * @param to pixels of the scaled axis
   * @param offset of the part in the scaled axis
   * @param count of the part's pixels
   */
  static Span read(Filter filter, int from, int to, int offset, int count) {
    double scale = (double) from / to;
    double support = filter.support() * Math.max(scale, 1) + ROUNDING;
    int start = (int) Math.max(0, Math.floor(offset * scale - support));
    int end = (int) Math.min(from, Math.ceil((offset + count) * scale + support));
    return new Span(start, end - start);
  }
}
