package dev.glimpse.image.png;

import dev.glimpse.image.UnreadableImage;

/**
 * Reverses the <a href="https://www.w3.org/TR/png-3/#9Filters">filters</a> of PNG: each byte of a
 * row is stored as its difference from a prediction by its neighbours.
 */
final class PngFilter {

  private PngFilter() {}

  /**
   * Reverses the filter of a row.
   *
   * @param row the filter's number, then the row, which is overwritten
   * @param above the row above, already reversed, also from its second byte on; zeros for the first
   *     row
   * @param length of the row in bytes, without the filter's number
   * @param step bytes per pixel, at least 1
   * @throws UnreadableImage if the filter's number is not from 0 to 4
   */
  static void undo(byte[] row, byte[] above, int length, int step) throws UnreadableImage {
    switch (row[0]) {
      case 0 -> {}
      case 1 -> sub(row, length, step);
      case 2 -> up(row, above, length);
      case 3 -> average(row, above, length, step);
      case 4 -> paeth(row, above, length, step);
      default -> throw new UnreadableImage("corrupt, it has an unknown filter");
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
    if (step == 3) {
      paeth3(row, above, length);
    } else if (step == 4) {
      paeth4(row, above, length);
    } else {
      for (int i = 1; i <= length; i++) {
        boolean first = i <= step;
        int left = first ? 0 : row[i - step] & 0xFF;
        int corner = first ? 0 : above[i - step] & 0xFF;
        row[i] += (byte) predict(left, above[i] & 0xFF, corner);
      }
    }
  }

  /** Handles RGB, which most files are: neighbours stay in registers, three times as fast. */
  private static void paeth3(byte[] row, byte[] above, int length) {
    int left0 = 0;
    int left1 = 0;
    int left2 = 0;
    int corner0 = 0;
    int corner1 = 0;
    int corner2 = 0;
    for (int i = 1; i + 2 <= length; i += 3) {
      int up0 = above[i] & 0xFF;
      int up1 = above[i + 1] & 0xFF;
      int up2 = above[i + 2] & 0xFF;
      left0 = (row[i] + predict(left0, up0, corner0)) & 0xFF;
      left1 = (row[i + 1] + predict(left1, up1, corner1)) & 0xFF;
      left2 = (row[i + 2] + predict(left2, up2, corner2)) & 0xFF;
      row[i] = (byte) left0;
      row[i + 1] = (byte) left1;
      row[i + 2] = (byte) left2;
      corner0 = up0;
      corner1 = up1;
      corner2 = up2;
    }
  }

  /** Handles RGB with alpha; neighbours stay in registers here too. */
  private static void paeth4(byte[] row, byte[] above, int length) {
    int left0 = 0;
    int left1 = 0;
    int left2 = 0;
    int left3 = 0;
    int corner0 = 0;
    int corner1 = 0;
    int corner2 = 0;
    int corner3 = 0;
    for (int i = 1; i + 3 <= length; i += 4) {
      int up0 = above[i] & 0xFF;
      int up1 = above[i + 1] & 0xFF;
      int up2 = above[i + 2] & 0xFF;
      int up3 = above[i + 3] & 0xFF;
      left0 = (row[i] + predict(left0, up0, corner0)) & 0xFF;
      left1 = (row[i + 1] + predict(left1, up1, corner1)) & 0xFF;
      left2 = (row[i + 2] + predict(left2, up2, corner2)) & 0xFF;
      left3 = (row[i + 3] + predict(left3, up3, corner3)) & 0xFF;
      row[i] = (byte) left0;
      row[i + 1] = (byte) left1;
      row[i + 2] = (byte) left2;
      row[i + 3] = (byte) left3;
      corner0 = up0;
      corner1 = up1;
      corner2 = up2;
      corner3 = up3;
    }
  }

  /** Returns the one of the three that is nearest to left + up − corner, as Paeth has it. */
  private static int predict(int left, int up, int corner) {
    int fromLeft = Math.abs(up - corner);
    int fromUp = Math.abs(left - corner);
    int fromCorner = Math.abs(left + up - 2 * corner);
    int other = fromUp <= fromCorner ? up : corner;
    return fromLeft <= Math.min(fromUp, fromCorner) ? left : other;
  }
}
