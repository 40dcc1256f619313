package dev.glimpse.image.bmp;

import dev.glimpse.image.UnreadableImage;

/**
 * Expands BMP's <a
 * href="https://learn.microsoft.com/windows/win32/gdi/bitmap-compression">run-length encoding</a>
 * of 8-bit or 4-bit indices. Pixels that are skipped have index 0. Not thread-safe.
 */
final class BmpRunLengths {

  private static final int END_OF_ROW = 0;
  private static final int END = 1;
  private static final int SKIP = 2;

  private final byte[] bytes;
  private final boolean halves;
  private final int width;
  private final int height;
  private final byte[] indices;
  private int at;
  private int x;
  private int y;

  private BmpRunLengths(byte[] bytes, BmpHeader bmp, int width, int height) {
    this.bytes = bytes;
    this.halves = bmp.compression() == BmpHeader.RLE4;
    this.width = width;
    this.height = height;
    this.indices = new byte[Math.multiplyExact(width, height)];
    this.at = bmp.data();
  }

  /**
   * Returns the indices, one byte each, row by row in stored order.
   *
   * @throws UnreadableImage if the file ends before the last row does
   */
  static byte[] read(byte[] bytes, BmpHeader bmp, int width, int height) throws UnreadableImage {
    BmpRunLengths runs = new BmpRunLengths(bytes, bmp, width, height);
    runs.read();
    return runs.indices;
  }

  private void read() throws UnreadableImage {
    boolean more = true;
    while (more && !isComplete()) {
      int count = next();
      int value = next();
      if (count > 0) {
        run(count, value);
      } else {
        more = escape(value);
      }
    }
    if (!isComplete()) {
      throw new UnreadableImage("truncated");
    }
  }

  /** Tells whether every row has been filled or skipped; the last may lack its end mark. */
  private boolean isComplete() {
    return y >= height || (y == height - 1 && x >= width);
  }

  private void run(int count, int value) {
    for (int i = 0; i < count; i++) {
      put(halves ? (i % 2 == 0 ? value >> 4 : value & 0xF) : value);
    }
  }

  private boolean escape(int value) throws UnreadableImage {
    switch (value) {
      case END_OF_ROW -> {
        x = 0;
        y++;
      }
      case END -> {
        return false;
      }
      case SKIP -> {
        x += next();
        y += next();
      }
      default -> literal(value);
    }
    return true;
  }

  private void literal(int count) throws UnreadableImage {
    int length = halves ? (count + 1) / 2 : count;
    int pair = 0;
    for (int i = 0; i < count; i++) {
      if (!halves) {
        put(next());
      } else if (i % 2 == 0) {
        pair = next();
        put(pair >> 4);
      } else {
        put(pair & 0xF);
      }
    }
    at += length % 2; // to an even number of bytes
  }

  /** Writes a pixel; drops it if it lies beyond the end of its row. */
  private void put(int index) {
    if (x < width && y < height) {
      indices[y * width + x] = (byte) index;
    }
    x++;
  }

  private int next() throws UnreadableImage {
    if (at >= bytes.length) {
      throw new UnreadableImage("truncated");
    }
    return bytes[at++] & 0xFF;
  }
}
