package dev.glimpse.preprocess;

/**
 * Scales an image along its columns first, and then along its rows. A few rows of the result are
 * made at a time, so that not all intermediate rows are in memory.
 */
final class ColumnsFirst implements PixelColumns {

  /** Rows of the result that are made together. */
  private static final int BLOCK = 64;

  private final PackedPixels in;
  private final Weights rows;
  private final int left;
  private final int[][] lines;
  private final int[][] between;
  private final WeightedSum sum;
  private int read;

  private ColumnsFirst(PackedPixels in, Weights columns, Weights rows) {
    this.in = in;
    this.rows = rows;
    this.left = columns.start();
    int width = columns.end() - left;
    this.lines = new int[rows.stride][width];
    this.between = new int[Math.min(BLOCK, rows.first.length)][width];
    this.sum = new WeightedSum(width);
  }

  static void resize(PackedPixels in, Weights columns, Weights rows, PixelRows out) {
    ColumnsFirst scaled = new ColumnsFirst(in, columns, rows);
    int block = scaled.between.length;
    FirstPass secondPass = new FirstPass(scaled, columns, block);
    int[][] made = new int[block][columns.first.length];
    for (int top = 0; top < rows.first.length; top += block) {
      int count = Math.min(block, rows.first.length - top);
      scaled.scale(top, count);
      secondPass.make(0, count, made);
      for (int i = 0; i < count; i++) {
        out.take(top + i, made[i]);
      }
    }
  }

  /** Scales these rows along the columns. */
  private void scale(int top, int count) {
    for (int i = 0; i < count; i++) {
      int first = rows.first[top + i];
      for (read = Math.max(read, first); read < first + rows.count[top + i]; read++) {
        in.row(left, read, sum.length(), lines[read % lines.length]);
      }
      sum.make(lines, rows, top + i, between[i]);
    }
  }

  @Override
  public void column(int x, int y, int length, int[] out) {
    for (int i = 0; i < length; i++) {
      out[i] = between[y + i][x - left];
    }
  }

  @Override
  public void columns(int x, int y, int length, int[] a, int[] b, int[] c, int[] d) {
    column(x, y, length, a);
    column(x + 1, y, length, b);
    column(x + 2, y, length, c);
    column(x + 3, y, length, d);
  }
}
