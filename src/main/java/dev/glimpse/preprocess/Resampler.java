package dev.glimpse.preprocess;

import dev.glimpse.image.Window;
import dev.glimpse.preprocess.Preprocessing.Size;

/**
 * Scales images exactly as Pillow's {@code Image.resize} does, and computes only the part of the
 * result that is needed. There are two passes, first along the rows and then along the columns or,
 * as {@link Passes} says, the other way round, with rounding to 8 bits between.
 *
 * <p>A few rows at a time go through both passes, so that intermediate rows stay in the cache. The
 * first pass reads these rows column by column: then the pixels of one loop are neighbours in
 * memory and have the same weight, in both passes.
 */
final class Resampler {

  /** Rows in one block of the first pass. Fewer make short loops, more exceed the cache. */
  private static final int BLOCK = 256;

  /** Four megabytes per worker. */
  private static final int MAX_KEPT = 1 << 20;

  /**
   * Intermediate rows, kept for the next image, as they are most of the memory that resizing needs.
   */
  private static final ThreadLocal<int[][]> KEPT = ThreadLocal.withInitial(() -> new int[0][0]);

  private Resampler() {}

  /**
   * Scales an image and cuts a window out of the result.
   *
   * @param to size of the whole scaled image
   * @param window the part to compute; lies inside the scaled image
   * @param out receives the window's rows, from the top
   */
  static void resize(
      PackedPixels source, Size to, Filter filter, Passes passes, Window window, PixelRows out) {
    if (to.width() == source.width() && to.height() == source.height()) {
      crop(source, window, out);
      return;
    }
    if (filter == Filter.NEAREST) {
      nearest(source, to.width(), to.height(), window, out);
      return;
    }
    Scaling scaling =
        Scaling.of(new Size(source.width(), source.height()), to, filter, passes, window);
    if (scaling.columnsFirst()) {
      ColumnsFirst.resize(source, scaling.columns(), scaling.rows(), out);
    } else {
      filtered(source, scaling.columns(), scaling.rows(), out);
    }
  }

  /** Cuts a window out of an image. */
  static void crop(PackedPixels source, Window window, PixelRows out) {
    int[] row = new int[window.width()];
    for (int y = 0; y < window.height(); y++) {
      source.row(window.x(), window.y() + y, row.length, row);
      out.take(y, row);
    }
  }

  private static void filtered(PackedPixels in, Weights columns, Weights rows, PixelRows out) {
    int top = rows.start();
    int bottom = rows.end();
    int blocks = (bottom - top + BLOCK - 1) / BLOCK;
    FirstPass firstPass = new FirstPass(in, columns, (bottom - top + blocks - 1) / blocks);
    // Intermediate rows: the newest block and those that the second pass still needs.
    int[][] between = lines(firstPass.block() + rows.stride, columns.first.length);
    WeightedSum sum = new WeightedSum(columns.first.length);
    int[] row = new int[columns.first.length];
    int made = top;
    for (int y = 0; y < rows.first.length; y++) {
      while (made < rows.first[y] + rows.count[y]) {
        made = firstPass.make(made, bottom, between);
      }
      sum.make(between, rows, y, row);
      out.take(y, row);
    }
  }

  private static void nearest(
      PackedPixels source, int width, int height, Window window, PixelRows out) {
    int[] columns = nearest(source.width(), width, window.x(), window.width());
    int[] rows = nearest(source.height(), height, window.y(), window.height());
    int[] row = new int[window.width()];
    for (int y = 0; y < rows.length; y++) {
      for (int x = 0; x < row.length; x++) {
        row[x] = source.pixel(columns[x], rows[y]);
      }
      out.take(y, row);
    }
  }

  /** Returns at least this many lines of exactly this length, with arbitrary content. */
  private static int[][] lines(int count, int length) {
    int[][] kept = KEPT.get();
    if (kept.length >= count && kept[0].length == length) {
      return kept;
    }
    int[][] lines = new int[count][length];
    if ((long) count * length <= MAX_KEPT) {
      KEPT.set(lines);
    }
    return lines;
  }

  /**
   * Returns the source pixel of each target pixel. Pillow adds the scale pixel by pixel and
   * accumulates rounding errors; multiplying instead would sometimes pick the neighbour.
   */
  private static int[] nearest(int from, int to, int offset, int length) {
    double scale = (double) from / to;
    double position = scale * 0.5;
    int[] picked = new int[length];
    for (int i = 0; i < offset + length; i++, position += scale) {
      if (i >= offset) {
        picked[i - offset] = (int) position;
      }
    }
    return picked;
  }
}
