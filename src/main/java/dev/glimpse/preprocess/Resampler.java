package dev.glimpse.preprocess;

import dev.glimpse.image.Pixels;

/**
 * Scales pictures as Pillow's {@code Image.resize} does, to the bit, and computes only the part of
 * the result that is wanted. Two passes, first along the rows and then along the columns, with
 * rounding to 8 bits between. (Pillow 13 takes the passes the other way round where the height
 * shrinks much more than the width, which is a grey level here and there.)
 */
final class Resampler {

  private static final int HALF = 1 << (Weights.PRECISION_BITS - 1);

  private Resampler() {}

  /**
   * Scales a picture and cuts a window out of the result.
   *
   * @param width of the whole scaled picture, in pixels
   * @param height of the whole scaled picture, in pixels
   * @param window the wanted part of it; lies inside
   */
  static Pixels resize(Pixels source, int width, int height, Filter filter, Window window) {
    if (filter == Filter.NEAREST) {
      return nearest(source, width, height, window);
    }
    // Like Pillow, leave out a pass that would change nothing. The first pass makes only the rows
    // that the second one reads.
    Weights rows =
        height == source.height()
            ? null
            : new Weights(filter, source.height(), height, window.y(), window.height());
    int top = rows == null ? window.y() : rows.start();
    int bottom = rows == null ? window.y() + window.height() : rows.end();
    Pixels strip =
        width == source.width()
            ? crop(source, new Window(window.x(), top, window.width(), bottom - top))
            : horizontal(
                source,
                new Weights(filter, source.width(), width, window.x(), window.width()),
                top,
                bottom);
    return rows == null ? strip : vertical(strip, rows, top);
  }

  /** Cuts a window out of a picture; the picture itself if the window is all of it. */
  static Pixels crop(Pixels source, Window window) {
    if (window.width() == source.width() && window.height() == source.height()) {
      return source;
    }
    byte[] out = new byte[window.width() * window.height() * 3];
    for (int y = 0; y < window.height(); y++) {
      int from = ((window.y() + y) * source.width() + window.x()) * 3;
      System.arraycopy(source.rgb(), from, out, y * window.width() * 3, window.width() * 3);
    }
    return new Pixels(window.width(), window.height(), out);
  }

  private static Pixels nearest(Pixels source, int width, int height, Window window) {
    byte[] in = source.rgb();
    byte[] out = new byte[window.width() * window.height() * 3];
    int[] columns = nearest(source.width(), width, window.x(), window.width());
    int[] rows = nearest(source.height(), height, window.y(), window.height());
    int at = 0;
    for (int row : rows) {
      for (int column : columns) {
        int from = (row * source.width() + column) * 3;
        out[at++] = in[from];
        out[at++] = in[from + 1];
        out[at++] = in[from + 2];
      }
    }
    return new Pixels(window.width(), window.height(), out);
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

  private static Pixels horizontal(Pixels source, Weights weights, int top, int bottom) {
    int width = weights.first.length;
    byte[] in = source.rgb();
    byte[] out = new byte[width * (bottom - top) * 3];
    for (int y = top, at = 0; y < bottom; y++) {
      int row = y * source.width();
      for (int x = 0; x < width; x++, at += 3) {
        int red = HALF;
        int green = HALF;
        int blue = HALF;
        int from = (row + weights.first[x]) * 3;
        int weight = x * weights.stride;
        for (int k = 0; k < weights.count[x]; k++, from += 3) {
          int w = weights.fixed[weight + k];
          red += (in[from] & 0xFF) * w;
          green += (in[from + 1] & 0xFF) * w;
          blue += (in[from + 2] & 0xFF) * w;
        }
        out[at] = clip(red);
        out[at + 1] = clip(green);
        out[at + 2] = clip(blue);
      }
    }
    return new Pixels(width, bottom - top, out);
  }

  /** Row by row, so that memory is read in order and the loop over samples can be vectorised. */
  private static Pixels vertical(Pixels source, Weights weights, int top) {
    int height = weights.first.length;
    int samples = source.width() * 3;
    byte[] in = source.rgb();
    byte[] out = new byte[samples * height];
    int[] sums = new int[samples];
    for (int y = 0; y < height; y++) {
      java.util.Arrays.fill(sums, HALF);
      for (int k = 0; k < weights.count[y]; k++) {
        int w = weights.fixed[y * weights.stride + k];
        int from = (weights.first[y] - top + k) * samples;
        for (int i = 0; i < samples; i++) {
          sums[i] += (in[from + i] & 0xFF) * w;
        }
      }
      for (int i = 0; i < samples; i++) {
        out[y * samples + i] = clip(sums[i]);
      }
    }
    return new Pixels(source.width(), height, out);
  }

  private static byte clip(int sum) {
    return (byte) Math.max(0, Math.min(255, sum >> Weights.PRECISION_BITS));
  }
}
