package dev.glimpse.image;

/** Colours with alpha, laid over white: colour × alpha + white × (1 − alpha), rounded. */
final class OverWhite {

  private OverWhite() {}

  /** Writes a colour as it looks on white; all values are from 0 to 255. */
  static void put(byte[] rgb, int at, int red, int green, int blue, int alpha) {
    if (alpha == 255) {
      rgb[at] = (byte) red;
      rgb[at + 1] = (byte) green;
      rgb[at + 2] = (byte) blue;
      return;
    }
    int white = 255 * (255 - alpha) + 127;
    rgb[at] = (byte) ((red * alpha + white) / 255);
    rgb[at + 1] = (byte) ((green * alpha + white) / 255);
    rgb[at + 2] = (byte) ((blue * alpha + white) / 255);
  }
}
