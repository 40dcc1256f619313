package dev.glimpse.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * Holds a decoded image, upright. Pixels are read packed, one int each: red in the lowest 8 bits,
 * green above it, then blue; the rest is 0. Packing costs one read of four bytes; reading each
 * sample by itself took half as long again. Turning an image costs nothing: its pixels are read in
 * another order.
 *
 * <p>The image may lie in native memory that {@link #close} returns; nothing can be read after
 * that. Of an image whose {@linkplain #ofPart part} alone was decoded, only pixels of that part may
 * be read. For one thread at a time.
 */
public final class Pixels implements AutoCloseable {

  /** Samples per pixel: red, green and blue. */
  public static final int SAMPLES = 3;

  private static final ByteBuffer NONE = ByteBuffer.allocate(0);

  private final int width;
  private final int height;
  private final int origin;
  private final int stepX;
  private final int stepY;
  private final Runnable release;
  private final Optional<ImageFacts> facts;
  private ByteBuffer samples;
  private boolean closed;

  /**
   * Wraps an upright image on the heap.
   *
   * @param width in pixels, 1 or more
   * @param height in pixels, 1 or more
   * @param rgb red, green, blue, one byte each (0 to 255), row by row from the top left; not copied
   */
  public Pixels(int width, int height, byte[] rgb) {
    this(width, height, ByteBuffer.wrap(rgb), () -> {});
  }

  /**
   * Wraps an upright image in memory that has to be returned.
   *
   * @param width in pixels, 1 or more
   * @param height in pixels, 1 or more
   * @param rgb red, green, blue, one byte each (0 to 255), row by row from the top left, from index
   *     0 to its limit; not copied
   * @param release returns the memory of {@code rgb}; run once, by {@link #close}
   * @throws IllegalArgumentException if {@code rgb} is not of this size
   */
  public Pixels(int width, int height, ByteBuffer rgb, Runnable release) {
    this(
        width,
        height,
        rgb,
        0,
        SAMPLES,
        Math.multiplyExact(width, SAMPLES),
        release,
        Optional.empty());
    if (rgb.limit() != Math.multiplyExact(Math.multiplyExact(width, height), SAMPLES)) {
      throw new IllegalArgumentException(
          "%d bytes are not %d×%d RGB pixels".formatted(rgb.limit(), width, height));
    }
  }

  /**
   * Wraps a part of an upright image, in memory that has to be returned.
   *
   * @param width of the whole image, in pixels
   * @param height of the whole image, in pixels
   * @param part lies inside the image
   * @param rgb the part's pixels, as for {@link #Pixels(int, int, ByteBuffer, Runnable)}
   * @param release returns the memory of {@code rgb}; run once, by {@link #close}
   */
  public static Pixels ofPart(
      int width, int height, Window part, ByteBuffer rgb, Runnable release) {
    int stepY = part.width() * SAMPLES;
    if (rgb.limit() != stepY * part.height()) {
      throw new IllegalArgumentException(
          "%d bytes are not %d×%d RGB pixels".formatted(rgb.limit(), part.width(), part.height()));
    }
    int origin = -(part.y() * stepY + part.x() * SAMPLES);
    return new Pixels(width, height, rgb, origin, SAMPLES, stepY, release, Optional.empty());
  }

  private Pixels(
      int width,
      int height,
      ByteBuffer samples,
      int origin,
      int stepX,
      int stepY,
      Runnable release,
      Optional<ImageFacts> facts) {
    this.width = width;
    this.height = height;
    this.samples = samples.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    this.origin = origin;
    this.stepX = stepX;
    this.stepY = stepY;
    this.release = release;
    this.facts = facts;
  }

  /**
   * Allocates the samples of an image, all 0.
   *
   * @param width in pixels
   * @param height in pixels
   * @throws ArithmeticException if there are more than 2³¹ − 1 samples
   */
  public static byte[] allocate(int width, int height) {
    return new byte[Math.multiplyExact(Math.multiplyExact(width, height), SAMPLES)];
  }

  /** Returns the width in pixels, 1 or more. */
  public int width() {
    return width;
  }

  /** Returns the height in pixels, 1 or more. */
  public int height() {
    return height;
  }

  /** Returns the same image turned upright, in the same memory; close one of the two. */
  public Pixels oriented(Orientation orientation) {
    int right = (width - 1) * stepX;
    int down = (height - 1) * stepY;
    boolean transposed = orientation.transposes();
    // The distance in stored bytes to the next pixel on the right and below.
    int alongX = transposed ? stepY : stepX;
    int alongY = transposed ? stepX : stepY;
    int endX = transposed ? down : right;
    int endY = transposed ? right : down;
    return new Pixels(
        transposed ? height : width,
        transposed ? width : height,
        samples,
        origin + (orientation.mirrorsX() ? endX : 0) + (orientation.mirrorsY() ? endY : 0),
        orientation.mirrorsX() ? -alongX : alongX,
        orientation.mirrorsY() ? -alongY : alongY,
        release,
        facts);
  }

  /** Returns what the header of the file said; empty if the image is not from a file. */
  public Optional<ImageFacts> facts() {
    return facts;
  }

  /**
   * Returns the same image, in the same memory, with one thing more to release; close one of the
   * two.
   *
   * @param from what the header of its file says
   * @param more run once, by {@link #close}
   */
  Pixels releasing(ImageFacts from, Runnable more) {
    Runnable both =
        () -> {
          release.run();
          more.run();
        };
    return new Pixels(width, height, samples, origin, stepX, stepY, both, Optional.of(from));
  }

  /** Reads {@code length} pixels along a row, from (x, y) on. */
  public void row(int x, int y, int length, int[] out) {
    read(index(x, y), stepX, length, out);
  }

  /** Reads {@code length} pixels down a column, from (x, y) on. */
  public void column(int x, int y, int length, int[] out) {
    read(index(x, y), stepY, length, out);
  }

  /**
   * Reads four neighbouring columns. The result is that of four calls of {@link #column}, but comes
   * faster where rows are stored as rows: twelve bytes are then read at once.
   *
   * @param x of the first column
   */
  public void columns(int x, int y, int length, int[] a, int[] b, int[] c, int[] d) {
    if (stepX != SAMPLES) {
      column(x, y, length, a);
      column(x + 1, y, length, b);
      column(x + 2, y, length, c);
      column(x + 3, y, length, d);
      return;
    }
    ByteBuffer in = samples;
    for (int i = 0, at = index(x, y); i < length; i++, at += stepY) {
      long low = in.getLong(at);
      int high = in.getInt(at + Long.BYTES);
      a[i] = (int) low & 0xFFFFFF;
      b[i] = (int) (low >>> 24) & 0xFFFFFF;
      c[i] = (int) (low >>> 48) | (high & 0xFF) << 16;
      d[i] = high >>> 8;
    }
  }

  /** Reads one pixel. */
  public int pixel(int x, int y) {
    return at(index(x, y));
  }

  /** Returns a copy: red, green, blue, one byte each, row by row from the top left. */
  public byte[] rgb() {
    byte[] rgb = new byte[width * height * SAMPLES];
    int[] row = new int[width];
    for (int y = 0, to = 0; y < height; y++) {
      row(0, y, width, row);
      for (int x = 0; x < width; x++, to += SAMPLES) {
        rgb[to] = (byte) row[x];
        rgb[to + 1] = (byte) (row[x] >> 8);
        rgb[to + 2] = (byte) (row[x] >> 16);
      }
    }
    return rgb;
  }

  /** Returns the image's memory; a second call does nothing. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      samples = NONE;
      release.run();
    }
  }

  /** Returns how the image lies in memory. */
  public Stored stored() {
    return new Stored(samples, origin, stepX, stepY);
  }

  /**
   * Describes how an image lies in memory: the red, green and blue sample of pixel (x, y) are the
   * bytes from {@code origin + x * stepX + y * stepY} on.
   *
   * @param samples direct if it is native memory; valid until the image is closed
   * @param origin index of the first pixel, from the buffer's start; negative if only a part of the
   *     image is stored, which the first pixel is not in
   * @param stepX bytes to the next pixel on the right, negative in a mirrored image
   * @param stepY bytes to the next pixel below
   */
  public record Stored(ByteBuffer samples, int origin, int stepX, int stepY) {}

  private int index(int x, int y) {
    return origin + x * stepX + y * stepY;
  }

  private void read(int from, int step, int length, int[] out) {
    ByteBuffer in = samples;
    int last = length - 1;
    // The last pixel in memory is the first or the last of these; no fourth byte follows it.
    out[0] = at(from);
    for (int i = 1, at = from + step; i < last; i++, at += step) {
      out[i] = in.getInt(at) & 0xFFFFFF;
    }
    out[last] = at(from + last * step);
  }

  private int at(int index) {
    int red = samples.get(index) & 0xFF;
    int green = samples.get(index + 1) & 0xFF;
    int blue = samples.get(index + 2) & 0xFF;
    return red | (green << 8) | (blue << 16);
  }
}
