package dev.glimpse.image.bmp;

import dev.glimpse.image.ImageHeader;
import dev.glimpse.image.OverWhite;
import dev.glimpse.image.Palette;
import dev.glimpse.image.Pixels;
import dev.glimpse.image.UnreadableImage;

/**
 * Decodes the pixels of a BMP. The fourth byte of 32-bit pixels is alpha only if the header's masks
 * say so.
 */
final class BmpDecoder {

  private BmpDecoder() {}

  /**
   * Decodes at full size.
   *
   * @param header with the sides of the image, within the limits
   * @throws UnreadableImage if the file is truncated or corrupt
   */
  static Pixels decode(byte[] bytes, ImageHeader header) throws UnreadableImage {
    BmpHeader bmp = BmpHeader.read(bytes);
    int width = header.width();
    int height = header.height();
    if (bmp.compression() == BmpHeader.RLE8 || bmp.compression() == BmpHeader.RLE4) {
      byte[] indices = BmpRunLengths.read(bytes, bmp, width, height);
      byte[] rgb = Pixels.allocate(width, height);
      Palette palette = palette(bytes, bmp);
      for (int row = 0; row < height; row++) {
        int y = bmp.topDown() ? row : height - 1 - row;
        indexed(indices, row * width, 8, palette, rgb, y * width * 3, width);
      }
      return new Pixels(width, height, rgb);
    }
    return new Pixels(width, height, uncompressed(bytes, bmp, width, height));
  }

  private static byte[] uncompressed(byte[] bytes, BmpHeader bmp, int width, int height)
      throws UnreadableImage {
    int bits = bmp.bits();
    long used = ((long) width * bits + 7) / 8;
    long stride = (used + 3) / 4 * 4;
    // The last row's padding may be missing.
    if (bmp.data() < 0 || stride * (height - 1) + used > bytes.length - bmp.data()) {
      throw new UnreadableImage("truncated");
    }
    byte[] rgb = Pixels.allocate(width, height);
    Palette palette = palette(bytes, bmp);
    for (int row = 0; row < height; row++) {
      int from = bmp.data() + row * (int) stride;
      int at = (bmp.topDown() ? row : height - 1 - row) * width * 3;
      switch (bits) {
        case 16 -> direct16(bytes, from, bmp.masks(), rgb, at, width);
        case 24 -> direct24(bytes, from, rgb, at, width);
        case 32 -> direct32(bytes, from, bmp.masks(), rgb, at, width);
        default -> indexed(bytes, from, bits, palette, rgb, at, width);
      }
    }
    return rgb;
  }

  /** Reads the palette, up to the end of the file. */
  private static Palette palette(byte[] bytes, BmpHeader bmp) {
    Palette palette = new Palette();
    if (bmp.bits() > 8) {
      return palette;
    }
    boolean grey = true;
    int at = bmp.paletteAt();
    for (int i = 0; i < bmp.colours() && at + 3 <= bytes.length; i++, at += bmp.paletteStep()) {
      int blue = bytes[at] & 0xFF;
      int green = bytes[at + 1] & 0xFF;
      int red = bytes[at + 2] & 0xFF;
      grey &= red == i && green == i && blue == i;
      palette.set(i, red, green, blue, 255);
    }
    // If every grey is its own index, an index after the last is grey too.
    return grey && bmp.bits() == 8 ? Palette.grey() : palette;
  }

  private static void indexed(
      byte[] bytes, int from, int bits, Palette palette, byte[] rgb, int at, int width) {
    int mask = (1 << bits) - 1;
    for (int x = 0, to = at; x < width; x++, to += 3) {
      int bit = x * bits;
      palette.copy((bytes[from + (bit >> 3)] >> (8 - bits - (bit & 7))) & mask, rgb, to);
    }
  }

  /** Expands 5 bits per colour, or 6 of green, to 8: v × 255 / max, rounded down as in Pillow. */
  private static void direct16(
      byte[] bytes, int from, BmpHeader.Masks masks, byte[] rgb, int at, int width) {
    int redShift = Integer.numberOfTrailingZeros(masks.red());
    int greens = masks.green() >> 5;
    for (int x = 0, i = from, to = at; x < width; x++, i += 2, to += 3) {
      int pixel = (bytes[i] & 0xFF) | ((bytes[i + 1] & 0xFF) << 8);
      rgb[to] = (byte) (((pixel >> redShift) & 31) * 255 / 31);
      rgb[to + 1] = (byte) (((pixel >> 5) & greens) * 255 / greens);
      rgb[to + 2] = (byte) ((pixel & 31) * 255 / 31);
    }
  }

  private static void direct24(byte[] bytes, int from, byte[] rgb, int at, int width) {
    for (int x = 0, i = from, to = at; x < width; x++, i += 3, to += 3) {
      rgb[to] = bytes[i + 2];
      rgb[to + 1] = bytes[i + 1];
      rgb[to + 2] = bytes[i];
    }
  }

  private static void direct32(
      byte[] bytes, int from, BmpHeader.Masks masks, byte[] rgb, int at, int width) {
    int red = Integer.numberOfTrailingZeros(masks.red()) / 8;
    int green = Integer.numberOfTrailingZeros(masks.green()) / 8;
    int blue = Integer.numberOfTrailingZeros(masks.blue()) / 8;
    int alpha = Integer.numberOfTrailingZeros(masks.alpha()) / 8;
    boolean opaque = masks.alpha() == 0;
    for (int x = 0, i = from, to = at; x < width; x++, i += 4, to += 3) {
      OverWhite.put(
          rgb,
          to,
          bytes[i + red] & 0xFF,
          bytes[i + green] & 0xFF,
          bytes[i + blue] & 0xFF,
          opaque ? 255 : bytes[i + alpha] & 0xFF);
    }
  }
}
