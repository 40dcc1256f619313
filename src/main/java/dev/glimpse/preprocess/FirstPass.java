package dev.glimpse.preprocess;

/** Scales rows horizontally, a block of rows at a time, column by column. */
final class FirstPass {

  private final PixelColumns in;
  private final Weights weights;
  private final int[][] columns;
  private final int[] column;
  private final WeightedSum sum;

  /**
   * Prepares the pass; reads nothing yet.
   *
   * @param block how many rows are computed together
   */
  FirstPass(PixelColumns in, Weights weights, int block) {
    this.in = in;
    this.weights = weights;
    this.columns = new int[weights.stride + 3][block];
    this.column = new int[block];
    this.sum = new WeightedSum(block);
  }

  int block() {
    return column.length;
  }

  /**
   * Computes the next block of rows, or the rest of them.
   *
   * @param top the first row
   * @param bottom one past the last row of all
   * @param rows receives row n at n modulo their number
   * @return one past the last row that was computed
   */
  int make(int top, int bottom, int[][] rows) {
    int count = Math.min(column.length, bottom - top);
    int read = weights.start();
    for (int x = 0; x < weights.first.length; x++) {
      int end = weights.first[x] + weights.count[x];
      while (read < end) {
        read = read(read, top, count);
      }
      sum.make(columns, weights, x, column);
      spread(column, count, rows, top % rows.length, x);
    }
    return top + count;
  }

  /** Reads the next columns, four if there are as many. */
  private int read(int x, int top, int count) {
    if (x + 4 > weights.end()) {
      in.column(x, top, count, columns[x % columns.length]);
      return x + 1;
    }
    in.columns(
        x,
        top,
        count,
        columns[x % columns.length],
        columns[(x + 1) % columns.length],
        columns[(x + 2) % columns.length],
        columns[(x + 3) % columns.length]);
    return x + 4;
  }

  private static void spread(int[] column, int count, int[][] rows, int first, int x) {
    for (int i = 0, row = first; i < count; i++) {
      rows[row][x] = column[i];
      row = row + 1 == rows.length ? 0 : row + 1;
    }
  }
}
