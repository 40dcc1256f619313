package dev.glimpse.preprocess;

/**
 * Scales pictures as Pillow's {@code Image.resize} does, to the bit, and computes only the part of
 * the result that is wanted. Two passes, first along the rows and then along the columns, with
 * rounding to 8 bits between. (Pillow 13 takes the passes the other way round where the height
 * shrinks much more than the width, which is a grey level here and there.)
 *
 * <p>A few rows at a time go through both passes, so that what lies between them stays in the
 * cache. The first pass reads these rows column by column: then the pixels that meet in one loop
 * are neighbours in memory and have the same weight, in both passes.
 */
final class Resampler {

  /** Rows that take the first pass together. Fewer make short loops, more leave the cache. */
  private static final int BLOCK = 256;

  /** Four megabytes a worker. */
  private static final int MAX_KEPT = 1 << 20;

  /** What lies between the passes is most of what a picture needs; the next one needs as much. */
  private static final ThreadLocal<int[][]> KEPT = ThreadLocal.withInitial(() -> new int[0][0]);

  private Resampler() {}

  /**
   * Scales a picture and cuts a window out of the result.
   *
   * @param width of the whole scaled picture, in pixels
   * @param height of the whole scaled picture, in pixels
   * @param window the wanted part of it; lies inside
   * @param out takes the window's rows, from the top
   */
  static void resize(
      PackedPixels source, int width, int height, Filter filter, Window window, PixelRows out) {
    if (width == source.width() && height == source.height()) {
      crop(source, window, out);
    } else if (filter == Filter.NEAREST) {
      nearest(source, width, height, window, out);
    } else {
      // Pillow leaves out a pass that keeps the length. Its weights would be 1 and zeros.
      Weights columns = new Weights(filter, source.width(), width, window.x(), window.width());
      Weights rows = new Weights(filter, source.height(), height, window.y(), window.height());
      filtered(source, columns, rows, out);
    }
  }

  /** Cuts a window out of a picture. */
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
    // Of the rows between the passes, the newest block and what the second pass still needs.
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

  /** Room for lines, at least so many of just this length, with anything in them. */
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
   * The source pixel of each wanted one. Pillow adds the scale up pixel by pixel, and its rounding
   * errors with it; to multiply instead would now and then pick the neighbour.
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
