package dev.glimpse.image;

import java.nio.ByteBuffer;

/** Lays colours with alpha over white: colour × alpha + white × (1 − alpha), rounded. */
public final class OverWhite {

  /** A multiple of four. */
  private static final int CHUNK = 1 << 14;

  private OverWhite() {}

  /**
   * Lays a whole image over white, in place.
   *
   * @param samples red, green, blue, alpha, one byte each, from index 0 to the limit; afterwards
   *     red, green, blue, from index 0 on
   */
  public static void toRgb(ByteBuffer samples) {
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

  /**
   * Lays one colour over white; all values are from 0 to 255.
   *
   * @param at where red goes in {@code rgb}; green and blue follow
   */
  public static void put(byte[] rgb, int at, int red, int green, int blue, int alpha) {
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
