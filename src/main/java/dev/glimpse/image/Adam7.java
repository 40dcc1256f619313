package dev.glimpse.image;

import java.util.List;

/**
 * A pass of <a href="https://www.w3.org/TR/png-3/#8Interlace">Adam7</a>, which stores a picture as
 * seven, from every eighth pixel both ways to every other row.
 *
 * @param left the first column
 * @param top the first row
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

  /** The only pass of a picture that is not interlaced. */
  static final List<Adam7> ONE_PASS = List.of(new Adam7(0, 0, 1, 1));

  /** How many pixels a row of the pass has; 0 if there is none. */
  int width(int whole) {
    return (whole - left + across - 1) / across;
  }

  /** How many rows the pass has; 0 if there is none. */
  int height(int whole) {
    return (whole - top + down - 1) / down;
  }
}
