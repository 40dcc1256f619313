package dev.glimpse.image.tiff;

import dev.glimpse.image.UnreadableImage;
import dev.glimpse.image.tiff.TiffDirectory.Values;

/** Reads the strips or tiles of a TIFF page, one at a time. Stateless between reads. */
final class TiffBlocks {

  /** Blocks may share bytes, but together they may hold at most this many times the file. */
  private static final int MAX_SHARING = 4;

  private final byte[] bytes;
  private final TiffLayout layout;
  private final Values offsets;
  private final Values counts;

  /**
   * Finds the blocks.
   *
   * @throws UnreadableImage if the file does not say where each block lies, or they hold far more
   *     bytes than the file
   */
  TiffBlocks(byte[] bytes, TiffDirectory tags, TiffLayout layout) throws UnreadableImage {
    this.bytes = bytes;
    this.layout = layout;
    // Some writers put the offsets of tiles into the tags for strips.
    this.offsets =
        tags.has(TiffTag.TILE_OFFSETS)
            ? tags.values(TiffTag.TILE_OFFSETS)
            : tags.values(TiffTag.STRIP_OFFSETS);
    this.counts =
        tags.has(TiffTag.TILE_BYTE_COUNTS)
            ? tags.values(TiffTag.TILE_BYTE_COUNTS)
            : tags.values(TiffTag.STRIP_BYTE_COUNTS);
    long blocks = (long) layout.across() * layout.down() * layout.planes();
    boolean counted = layout.compression() != TiffCompression.NONE;
    if (offsets.count() < blocks || (counted && counts.count() < blocks)) {
      throw new UnreadableImage("corrupt, strips or tiles are missing");
    }
    long sum = 0;
    for (int i = 0; counted && i < blocks; i++) {
      sum += counts.get(i);
    }
    if (sum > (long) MAX_SHARING * bytes.length) {
      throw new UnreadableImage("corrupt, its strips or tiles hold more than the file");
    }
  }

  /**
   * Reads a block of one plane.
   *
   * @param block counted from the top left, row by row
   * @param rows number of its rows that are in the image
   * @return the rows, expanded, each of {@link TiffLayout#rowBytes}
   * @throws UnreadableImage if the file ends within the block, or it is corrupt
   */
  byte[] read(int block, int plane, int rows) throws UnreadableImage {
    int index = plane * layout.across() * layout.down() + block;
    int length = Math.multiplyExact(rows, layout.rowBytes());
    // An uncompressed block has the length of its rows, whatever the file says, as in Pillow.
    long count = layout.compression() == TiffCompression.NONE ? length : counts.get(index);
    if (offsets.get(index) + count > bytes.length) {
      throw new UnreadableImage("truncated");
    }
    byte[] in = bytes;
    int at = (int) offsets.get(index);
    if (layout.lowBitFirst()) {
      in = reversed(at, (int) count);
      at = 0;
    }
    byte[] out = new byte[length];
    layout.compression().expand(in, at, (int) count, out);
    if (layout.differences()) {
      for (int row = 0; row < rows; row++) {
        addUp(out, row * layout.rowBytes());
      }
    }
    return out;
  }

  private byte[] reversed(int at, int count) {
    byte[] reversed = new byte[count];
    for (int i = 0; i < count; i++) {
      reversed[i] = (byte) (Integer.reverse(bytes[at + i]) >>> 24);
    }
    return reversed;
  }

  private void addUp(byte[] row, int start) {
    int end = start + layout.rowBytes();
    int each = layout.samplesInPlane();
    if (layout.bits() == 8) {
      for (int i = start + each; i < end; i++) {
        row[i] += row[i - each];
      }
      return;
    }
    int high = layout.bigEndian() ? 0 : 1;
    for (int i = start + 2 * each; i < end; i += 2) {
      int left = i - 2 * each;
      int sum =
          (((row[i + high] & 0xFF) << 8) | (row[i + 1 - high] & 0xFF))
              + (((row[left + high] & 0xFF) << 8) | (row[left + 1 - high] & 0xFF));
      row[i + high] = (byte) (sum >> 8);
      row[i + 1 - high] = (byte) sum;
    }
  }
}
