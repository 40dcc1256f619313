package dev.glimpse.preprocess;

import com.sun.jna.Memory;
import dev.glimpse.image.Pixels;
import dev.glimpse.image.Window;
import java.nio.ByteBuffer;

/**
 * Copies an image on the heap to native memory, for native code, one band of rows after the other:
 * a copy of the whole image would take as much memory again, and the caches would not hold it.
 */
final class HeapBands {

  /** The most bytes of a band, of which each worker copies one at a time. */
  private static final int LARGEST = 4 << 20;

  private final Pixels.Stored image;
  private final Window source;
  private final Weights rows;

  private HeapBands(Pixels.Stored image, Window source, Weights rows) {
    this.image = image;
    this.source = source;
    this.rows = rows;
  }

  /** Scales one band. */
  @FunctionalInterface
  interface Scaler {

    /**
     * Scales a band and writes it.
     *
     * @param band in native memory
     * @param part what is scaled of it
     * @param rows the weights of the target rows of this band
     * @param first the first of them
     * @return false if nothing was written
     */
    boolean write(Pixels.Stored band, Window part, Weights rows, int first);
  }

  /**
   * Scales an image band by band.
   *
   * @param source the part of the image that is scaled
   * @param rows the weights of all target rows
   * @return false if not all was written: the source of one target row is too large, as in a large
   *     image that is turned by 90 degrees
   */
  static boolean write(Pixels.Stored image, Window source, Weights rows, Scaler scaler) {
    return new HeapBands(image, source, rows).write(scaler);
  }

  private boolean write(Scaler scaler) {
    try (Memory memory = new Memory(Math.min(LARGEST, image.samples().limit()))) {
      ByteBuffer band = memory.getByteBuffer(0, memory.size());
      int target = rows.first.length;
      for (int first = 0, end; first < target; first = end) {
        end = end(first, band.capacity());
        if (end == first || !write(first, end, band, scaler)) {
          return false;
        }
      }
      return true;
    }
  }

  /** Returns one past the last target row whose source fits; {@code first} if none does. */
  private int end(int first, int capacity) {
    int end = first;
    while (end < rows.first.length && bytes(first, end + 1) <= capacity) {
      end++;
    }
    return end;
  }

  private boolean write(int first, int end, ByteBuffer band, Scaler scaler) {
    int lowest = lowest(first, end);
    int bytes = bytes(first, end);
    band.put(0, image.samples(), lowest, bytes);
    Weights part = rows.part(first, end);
    return scaler.write(
        new Pixels.Stored(
            band.duplicate().limit(bytes),
            corner(source.x(), top(first)) - lowest,
            image.stepX(),
            image.stepY()),
        new Window(0, 0, source.width(), part.end()),
        part,
        first);
  }

  private int top(int first) {
    return source.y() + rows.first[first];
  }

  private int bottom(int end) {
    return source.y() + rows.first[end - 1] + rows.count[end - 1] - 1;
  }

  /** Returns the index of a pixel. */
  private int corner(int x, int y) {
    return image.origin() + x * image.stepX() + y * image.stepY();
  }

  /** Returns the lowest index of the pixels for some target rows. */
  private int lowest(int first, int end) {
    int left = source.x();
    int right = left + source.width() - 1;
    return Math.min(
        Math.min(corner(left, top(first)), corner(right, top(first))),
        Math.min(corner(left, bottom(end)), corner(right, bottom(end))));
  }

  private int bytes(int first, int end) {
    int left = source.x();
    int right = left + source.width() - 1;
    int highest =
        Math.max(
            Math.max(corner(left, top(first)), corner(right, top(first))),
            Math.max(corner(left, bottom(end)), corner(right, bottom(end))));
    return highest + Pixels.SAMPLES - lowest(first, end);
  }
}
