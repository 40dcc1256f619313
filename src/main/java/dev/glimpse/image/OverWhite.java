package dev.glimpse.image;

import java.nio.ByteBuffer;

/** Colours with alpha, laid over white: colour × alpha + white × (1 − alpha), rounded. */
final class OverWhite {

  /** A multiple of four. */
  private static final int CHUNK = 1 << 14;

  private OverWhite() {}

  /**
   * Lays a whole picture over white.
   *
   * @param samples red, green, blue, alpha up to the limit; afterwards red, green, blue, from the
   *     same index on
   */
  static void toRgb(ByteBuffer samples) {
    byte[] rgba = new byte[Math.min(samples.limit(), CHUNK)];
    byte[] rgb = new byte[rgba.length / 4 * 3];
    for (int from = 0, to = 0; from < samples.limit(); from += rgba.length, to += rgb.length) {
      int length = Math.min(rgba.length, samples.limit() - from);
      samples.get(from, rgba, 0, length);
      for (int i = 0, at = 0; i < length; i += 4, at += 3) {
        int alpha = rgba[i + 3] & 0xFF;
        put(rgb, at, rgba[i] & 0xFF, rgba[i + 1] & 0xFF, rgba[i + 2] & 0xFF, alpha);
      }
      samples.put(to, rgb, 0, length / 4 * 3);
    }
  }

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
