package dev.glimpse.preprocess;

/**
 * Adds lines of pixels by weight, rounds and clips: one output line of Pillow's resampling. The
 * loops are written so that the JIT compiler vectorises them: ints only (Java 17 does not vectorise
 * loops that widen bytes), every array read at the same index, and two lines at a time, which saves
 * half of the reads and writes of the sums. The compiler does not vectorise four.
 */
final class WeightedSum {

  private static final int HALF = 1 << (Weights.PRECISION_BITS - 1);

  private final int[] red;
  private final int[] green;
  private final int[] blue;

  WeightedSum(int pixels) {
    this.red = new int[pixels];
    this.green = new int[pixels];
    this.blue = new int[pixels];
  }

  /** Returns the length of the lines, in pixels. */
  int length() {
    return red.length;
  }

  /**
   * Computes one line.
   *
   * @param lines line n of the source is at n modulo their number
   * @param index index of the output line among the weights' pixels
   */
  void make(int[][] lines, Weights weights, int index, int[] out) {
    int line = weights.first[index] % lines.length;
    int weight = index * weights.stride;
    int end = weight + weights.count[index];
    if (weight + 1 == end) {
      set(red, green, blue, lines[line], weights.fixed[weight]);
      pack(red, green, blue, out);
      return;
    }
    int next = after(line, lines);
    setTwo(
        red,
        green,
        blue,
        lines[line],
        weights.fixed[weight],
        lines[next],
        weights.fixed[weight + 1]);
    for (weight += 2; weight < end - 1; weight += 2) {
      line = after(next, lines);
      next = after(line, lines);
      int[] p = lines[line];
      int[] q = lines[next];
      addTwo(red, green, blue, p, weights.fixed[weight], q, weights.fixed[weight + 1]);
    }
    if (weight < end) {
      add(red, green, blue, lines[after(next, lines)], weights.fixed[weight]);
    }
    pack(red, green, blue, out);
  }

  private static int after(int line, int[][] lines) {
    return line + 1 == lines.length ? 0 : line + 1;
  }

  private static void set(int[] r, int[] g, int[] b, int[] p, int w) {
    for (int i = 0; i < r.length; i++) {
      r[i] = HALF + (p[i] & 0xFF) * w;
      g[i] = HALF + ((p[i] >> 8) & 0xFF) * w;
      b[i] = HALF + (p[i] >> 16) * w;
    }
  }

  private static void setTwo(int[] r, int[] g, int[] b, int[] p, int v, int[] q, int w) {
    for (int i = 0; i < r.length; i++) {
      r[i] = HALF + (p[i] & 0xFF) * v + (q[i] & 0xFF) * w;
      g[i] = HALF + ((p[i] >> 8) & 0xFF) * v + ((q[i] >> 8) & 0xFF) * w;
      b[i] = HALF + (p[i] >> 16) * v + (q[i] >> 16) * w;
    }
  }

  private static void addTwo(int[] r, int[] g, int[] b, int[] p, int v, int[] q, int w) {
    for (int i = 0; i < r.length; i++) {
      r[i] += (p[i] & 0xFF) * v + (q[i] & 0xFF) * w;
      g[i] += ((p[i] >> 8) & 0xFF) * v + ((q[i] >> 8) & 0xFF) * w;
      b[i] += (p[i] >> 16) * v + (q[i] >> 16) * w;
    }
  }

  private static void add(int[] r, int[] g, int[] b, int[] p, int w) {
    for (int i = 0; i < r.length; i++) {
      r[i] += (p[i] & 0xFF) * w;
      g[i] += ((p[i] >> 8) & 0xFF) * w;
      b[i] += (p[i] >> 16) * w;
    }
  }

  private static void pack(int[] r, int[] g, int[] b, int[] out) {
    for (int i = 0; i < r.length; i++) {
      out[i] = clip(r[i]) | (clip(g[i]) << 8) | (clip(b[i]) << 16);
    }
  }

  /**
   * Clips to 0 to 255, without branches and without minimum and maximum, which Java 17 does not
   * vectorise.
   */
  private static int clip(int sum) {
    int level = sum >> Weights.PRECISION_BITS;
    int atMost255 = level | ((255 - level) >> 31);
    return atMost255 & ~(level >> 31) & 0xFF;
  }
}
