package dev.glimpse.preprocess;

/**
 * For each pixel of a line's wanted part, which source pixels it is made of and how much of each.
 * The arithmetic is that of Pillow's {@code precompute_coeffs} and {@code normalize_coeffs_8bpc},
 * so that results are equal to the bit.
 */
final class Weights {

  /** 8 bits for the result, 2 bits for overshoot, the rest for the fraction. */
  static final int PRECISION_BITS = 32 - 8 - 2;

  /** First source pixel of each wanted pixel. */
  final int[] first;

  /** Source pixels that each wanted pixel takes. */
  final int[] count;

  /** Room for each wanted pixel in {@link #fixed}. */
  final int stride;

  /** Weights in fixed point, {@link #PRECISION_BITS} after the point. */
  final int[] fixed;

  /**
   * Weights for scaling a line.
   *
   * @param from source length in pixels
   * @param to scaled length in pixels
   * @param offset first wanted pixel of the scaled line
   * @param length wanted pixels
   */
  Weights(Filter filter, int from, int to, int offset, int length) {
    double scale = (double) from / to;
    double filterScale = Math.max(scale, 1);
    double support = filter.support() * filterScale;
    this.first = new int[length];
    this.count = new int[length];
    this.stride = (int) Math.ceil(support) * 2 + 1;
    this.fixed = new int[Math.multiplyExact(length, stride)];
    double[] weights = new double[stride];
    for (int i = 0; i < length; i++) {
      double center = (offset + i + 0.5) * scale;
      int min = Math.max((int) (center - support + 0.5), 0);
      int n = Math.min((int) (center + support + 0.5), from) - min;
      double sum = 0;
      for (int k = 0; k < n; k++) {
        weights[k] = filter.weight((k + min - center + 0.5) * (1 / filterScale));
        sum += weights[k];
      }
      for (int k = 0; k < n; k++) {
        double normal = (sum == 0 ? weights[k] : weights[k] / sum) * (1 << PRECISION_BITS);
        fixed[i * stride + k] = (int) (normal < 0 ? normal - 0.5 : normal + 0.5);
      }
      first[i] = min;
      count[i] = n;
    }
  }

  /** The first source pixel that any wanted pixel takes. */
  int start() {
    return first[0];
  }

  /** One past the last source pixel that any wanted pixel takes. */
  int end() {
    int last = first.length - 1;
    return first[last] + count[last];
  }
}
