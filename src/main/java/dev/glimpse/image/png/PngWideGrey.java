package dev.glimpse.image.png;

/** Reads pixels of one 16-bit shade of grey. */
final class PngWideGrey extends PngSamples {

  private final int transparent;

  /**
   * Reads pixels of which one shade may be transparent.
   *
   * @param transparency the transparent shade, two bytes; empty if absent
   */
  PngWideGrey(byte[] transparency) {
    super(16);
    transparent = transparency.length >= 2 ? shade(transparency, 0) : -1;
  }

  @Override
  void toRgb(byte[] row, byte[] rgb, int at, int width) {
    for (int x = 0, from = 1, to = at; x < width; x++, from += 2, to += 3) {
      int shade = shade(row, from);
      byte grey = (byte) (shade == transparent ? 255 : (shade * 255 + 32767) / 65535);
      rgb[to] = grey;
      rgb[to + 1] = grey;
      rgb[to + 2] = grey;
    }
  }

  private static int shade(byte[] bytes, int at) {
    return ((bytes[at] & 0xFF) << 8) | (bytes[at + 1] & 0xFF);
  }
}
