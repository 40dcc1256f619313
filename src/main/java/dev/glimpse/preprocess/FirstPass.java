package dev.glimpse.preprocess;

/** Scales rows, a block of them at a time, column by column. */
final class FirstPass {

  private final PackedPixels in;
  private final Weights weights;
  private final int[][] columns;
  private final int[] column;
  private final WeightedSum sum;

  /**
   * Reads nothing yet.
   *
   * @param block how many rows are made together
   */
  FirstPass(PackedPixels in, Weights weights, int block) {
    this.in = in;
    this.weights = weights;
    this.columns = new int[weights.stride][block];
    this.column = new int[block];
    this.sum = new WeightedSum(block);
  }

  int block() {
    return column.length;
  }

  /**
   * Makes the next block of rows, or what is left of them.
   *
   * @param top the first row
   * @param bottom one past the last row of all
   * @param rows row n is put at n modulo their number
   * @return one past the last row that was made
   */
  int make(int top, int bottom, int[][] rows) {
    int count = Math.min(column.length, bottom - top);
    int read = weights.start();
    for (int x = 0; x < weights.first.length; x++) {
      int end = weights.first[x] + weights.count[x];
      for (; read < end; read++) {
        in.column(read, top, count, columns[read % columns.length]);
      }
      sum.make(columns, weights, x, column);
      spread(column, count, rows, top % rows.length, x);
    }
    return top + count;
  }

  private static void spread(int[] column, int count, int[][] rows, int first, int x) {
    for (int i = 0, row = first; i < count; i++) {
      rows[row][x] = column[i];
      row = row + 1 == rows.length ? 0 : row + 1;
    }
  }
}
