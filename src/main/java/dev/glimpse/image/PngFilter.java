package dev.glimpse.image;

/**
 * Takes back the <a href="https://www.w3.org/TR/png-3/#9Filters">filters</a> of PNG: each byte of a
 * row is stored as its difference from what its neighbours let expect.
 */
final class PngFilter {

  private PngFilter() {}

  /**
   * Takes back the filter of a row.
   *
   * @param row the filter's number, then the row; from its second byte on it is overwritten
   * @param above the row above, already taken back, likewise from its second byte on; zeros above
   *     the first
   * @param length of the row, without the filter's number
   * @param step bytes a pixel, at least 1
   */
  static void undo(byte[] row, byte[] above, int length, int step) throws UnreadableImage {
    switch (row[0]) {
      case 0 -> {}
      case 1 -> sub(row, length, step);
      case 2 -> up(row, above, length);
      case 3 -> average(row, above, length, step);
      case 4 -> paeth(row, above, length, step);
      default -> throw new UnreadableImage("corrupt, it has a filter of a kind that is not known");
    }
  }

  private static void sub(byte[] row, int length, int step) {
    for (int i = 1 + step; i <= length; i++) {
      row[i] += row[i - step];
    }
  }

  private static void up(byte[] row, byte[] above, int length) {
    for (int i = 1; i <= length; i++) {
      row[i] += above[i];
    }
  }

  private static void average(byte[] row, byte[] above, int length, int step) {
    int first = Math.min(step, length);
    for (int i = 1; i <= first; i++) {
      row[i] += (byte) ((above[i] & 0xFF) >> 1);
    }
    for (int i = 1 + first; i <= length; i++) {
      row[i] += (byte) (((row[i - step] & 0xFF) + (above[i] & 0xFF)) >> 1);
    }
  }

  private static void paeth(byte[] row, byte[] above, int length, int step) {
    int first = Math.min(step, length);
    for (int i = 1; i <= first; i++) {
      row[i] += above[i];
    }
    for (int i = 1 + first; i <= length; i++) {
      int left = row[i - step] & 0xFF;
      int up = above[i] & 0xFF;
      int corner = above[i - step] & 0xFF;
      // How far left + up - corner is from each of the three.
      int fromLeft = Math.abs(up - corner);
      int fromUp = Math.abs(left - corner);
      int fromCorner = Math.abs(left + up - 2 * corner);
      int other = fromUp <= fromCorner ? up : corner;
      row[i] += (byte) (fromLeft <= fromUp && fromLeft <= fromCorner ? left : other);
    }
  }
}
