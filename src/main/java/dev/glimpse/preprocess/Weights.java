package dev.glimpse.preprocess;

/**
 * Computes, for each target pixel of a line, which source pixels contribute to it and with what
 * weights. The arithmetic is that of Pillow's {@code precompute_coeffs} and {@code
 * normalize_coeffs_8bpc}, so that results are identical.
 */
final class Weights {

  /** 8 bits for the result, 2 bits for overshoot, the rest for the fraction. */
  static final int PRECISION_BITS = 32 - 8 - 2;

  /** First source pixel of each target pixel. */
  final int[] first;

  /** Number of source pixels of each target pixel. */
  final int[] count;

  /** Entries for each target pixel in {@link #fixed}. */
  final int stride;

  /** Weights in fixed point, {@link #PRECISION_BITS} after the point. */
  final int[] fixed;

  private Weights(int length, int stride) {
    this.first = new int[length];
    this.count = new int[length];
    this.stride = stride;
    this.fixed = new int[Math.multiplyExact(length, stride)];
  }

  /**
   * Computes the weights for scaling a line with a filter that has a kernel.
   *
   * @param from source length in pixels
   * @param to scaled length in pixels
   * @param offset first pixel of the scaled line that is computed
   * @param length number of pixels that are computed
   */
  static Weights of(Filter filter, int from, int to, int offset, int length) {
    double scale = (double) from / to;
    double filterScale = filter.averages() ? Math.max(scale, 1) : 1;
    double support = filter.support() * filterScale;
    Weights made = new Weights(length, (int) Math.ceil(support) * 2 + 1);
    double[] weights = new double[made.stride];
    for (int i = 0; i < length; i++) {
      double center = (offset + i + 0.5) * scale;
      int min = Math.max((int) (center - support + 0.5), 0);
      int n = Math.min((int) (center + support + 0.5), from) - min;
      for (int k = 0; k < n; k++) {
        weights[k] = filter.weight((k + min - center + 0.5) * (1 / filterScale));
      }
      made.set(i, min, n, weights);
    }
    return made;
  }

  /**
   * Computes the weights for averaging the area that each target pixel covers: the share of each
   * source pixel in it.
   */
  static Weights ofArea(int from, int to, int offset, int length) {
    double scale = (double) from / to;
    Weights made = new Weights(length, (int) Math.ceil(scale) + 1);
    double[] weights = new double[made.stride];
    for (int i = 0; i < length; i++) {
      double start = (offset + i) * scale;
      double end = Math.min(start + scale, from);
      int min = (int) start;
      int n = Math.min((int) Math.ceil(end), from) - min;
      for (int k = 0; k < n; k++) {
        weights[k] = Math.min(end, min + k + 1) - Math.max(start, min + k);
      }
      made.set(i, min, n, weights);
    }
    return made;
  }

  /**
   * Computes the weights with which OpenCV's INTER_AREA interpolates an image of which a side does
   * not shrink: only target pixels that cover two source pixels are mixed.
   */
  static Weights ofEnlargedArea(int from, int to, int offset, int length) {
    double scale = (double) from / to;
    Weights made = new Weights(length, 2);
    double[] weights = new double[2];
    for (int i = 0; i < length; i++) {
      int min = Math.min((int) ((offset + i) * scale), from - 1);
      double share = offset + i + 1 - (min + 1) / scale;
      weights[1] = share <= 0 ? 0 : share - Math.floor(share);
      weights[0] = 1 - weights[1];
      made.set(i, min, Math.min(2, from - min), weights);
    }
    return made;
  }

  private void set(int i, int min, int n, double[] weights) {
    double sum = 0;
    for (int k = 0; k < n; k++) {
      sum += weights[k];
    }
    for (int k = 0; k < n; k++) {
      double normal = (sum == 0 ? weights[k] : weights[k] / sum) * (1 << PRECISION_BITS);
      fixed[i * stride + k] = (int) (normal < 0 ? normal - 0.5 : normal + 0.5);
    }
    first[i] = min;
    count[i] = n;
  }

  /**
   * Returns the weights of some target pixels, whose source pixels are counted from their {@link
   * #start}.
   *
   * @param from the first target pixel
   * @param to one past the last; above {@code from}
   */
  Weights part(int from, int to) {
    Weights part = new Weights(to - from, stride);
    for (int i = from; i < to; i++) {
      part.first[i - from] = first[i] - first[from];
    }
    System.arraycopy(count, from, part.count, 0, to - from);
    System.arraycopy(fixed, from * stride, part.fixed, 0, (to - from) * stride);
    return part;
  }

  /** Returns the first source pixel of any target pixel. */
  int start() {
    return first[0];
  }

  /** Returns one past the last source pixel of any target pixel. */
  int end() {
    int last = first.length - 1;
    return first[last] + count[last];
  }
}
