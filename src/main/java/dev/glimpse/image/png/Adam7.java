package dev.glimpse.image.png;

import java.util.List;

/**
 * Describes a pass of <a href="https://www.w3.org/TR/png-3/#8Interlace">Adam7</a>, which stores an
 * image as seven smaller ones, from every eighth pixel both ways to every other row.
 *
 * @param left the pass's first column in the image
 * @param top the pass's first row in the image
 * @param across columns from one pixel to the next
 * @param down rows from one row to the next
 */
record Adam7(int left, int top, int across, int down) {

  static final List<Adam7> PASSES =
      List.of(
          new Adam7(0, 0, 8, 8),
          new Adam7(4, 0, 8, 8),
          new Adam7(0, 4, 4, 8),
          new Adam7(2, 0, 4, 4),
          new Adam7(0, 2, 2, 4),
          new Adam7(1, 0, 2, 2),
          new Adam7(0, 1, 1, 2));

  /** The only pass of an image that is not interlaced. */
  static final List<Adam7> ONE_PASS = List.of(new Adam7(0, 0, 1, 1));

  /** Returns how many pixels a row of the pass has, 0 or more, by the image's width. */
  int width(int whole) {
    return (whole - left + across - 1) / across;
  }

  /** Returns how many rows the pass has, 0 or more, by the image's height. */
  int height(int whole) {
    return (whole - top + down - 1) / down;
  }
}
