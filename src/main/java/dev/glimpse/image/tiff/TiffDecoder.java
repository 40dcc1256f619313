package dev.glimpse.image.tiff;

import dev.glimpse.image.Pixels;
import dev.glimpse.image.UnreadableImage;
import java.util.Arrays;

/**
 * Decodes the pixels of a TIFF's first page: strips or tiles, interleaved or planar, of 1 to 16
 * bits per sample. Uses no AWT, so that it works in native executables.
 */
final class TiffDecoder {

  private TiffDecoder() {}

  /**
   * Decodes at full size.
   *
   * @param bytes the whole file, within the limits
   * @throws UnreadableImage if the file is truncated or corrupt
   */
  static Pixels decode(byte[] bytes) throws UnreadableImage {
    TiffDirectory tags = new TiffDirectory(bytes);
    TiffLayout layout = TiffLayout.of(tags);
    TiffColours colours = TiffColours.of(tags, layout);
    TiffBlocks blocks = new TiffBlocks(bytes, tags, layout);

    int width = layout.width();
    int height = layout.height();
    byte[] rgb = Pixels.allocate(width, height);
    byte[][] planes = new byte[layout.planes()][];
    int[] samples =
        new int[Math.multiplyExact(Math.min(layout.blockWidth(), width), layout.samples())];
    for (int block = 0; block < layout.across() * layout.down(); block++) {
      int left = block % layout.across() * layout.blockWidth();
      int top = block / layout.across() * layout.blockHeight();
      int columns = Math.min(layout.blockWidth(), width - left);
      int rows = Math.min(layout.blockHeight(), height - top);
      for (int plane = 0; plane < planes.length; plane++) {
        planes[plane] = blocks.read(block, plane, rows);
      }
      for (int row = 0; row < rows; row++) {
        for (int plane = 0; plane < planes.length; plane++) {
          unpack(planes[plane], row, plane, columns, layout, samples);
        }
        int to = ((top + row) * width + left) * 3;
        for (int x = 0; x < columns; x++, to += 3) {
          colours.put(samples, x * layout.samples(), rgb, to);
        }
      }
      Arrays.fill(planes, null);
    }
    return new Pixels(width, height, rgb);
  }

  /** Unpacks a row of one plane, and puts each sample at its place in its pixel. */
  private static void unpack(
      byte[] packed, int row, int plane, int columns, TiffLayout layout, int[] samples) {
    int from = row * layout.rowBytes();
    int each = layout.samplesInPlane();
    int bits = layout.bits();
    int high = layout.bigEndian() ? 0 : 1;
    for (int i = 0; i < columns * each; i++) {
      int to = i / each * layout.samples() + plane + i % each;
      samples[to] =
          switch (bits) {
            case 8 -> packed[from + i] & 0xFF;
            case 16 ->
                ((packed[from + 2 * i + high] & 0xFF) << 8)
                    | (packed[from + 2 * i + 1 - high] & 0xFF);
            default ->
                (packed[from + i * bits / 8] >> (8 - bits - i * bits % 8)) & ((1 << bits) - 1);
          };
    }
  }
}
