package dev.glimpse.image.heif;

import dev.glimpse.image.OverWhite;
import dev.glimpse.image.Pixels;
import dev.glimpse.image.heif.HeifImage.Item;
import java.nio.ByteBuffer;

/**
 * Copies the part of a tile that is shown to its place.
 *
 * @param fromX its first column in the tile
 * @param fromY its first row in the tile
 * @param toX its first column in the image
 * @param toY its first row in the image
 * @param width in pixels, 0 or less if nothing is shown
 * @param height in pixels, 0 or less if nothing is shown
 * @param imageWidth columns of the image
 */
record TilePart(int fromX, int fromY, int toX, int toY, int width, int height, int imageWidth) {

  private static final int RGBA = 4;

  /** Cuts a tile that lies at (x, y) of the canvas. */
  static TilePart of(Geometry shown, Item tile, int x, int y) {
    int left = Math.max(x, shown.left());
    int top = Math.max(y, shown.top());
    return new TilePart(
        left - x,
        top - y,
        left - shown.left(),
        top - shown.top(),
        Math.min(x + tile.width(), shown.left() + shown.width()) - left,
        Math.min(y + tile.height(), shown.top() + shown.height()) - top,
        shown.width());
  }

  boolean isEmpty() {
    return width <= 0 || height <= 0;
  }

  /**
   * Copies red, green, blue.
   *
   * @param tile its rows
   * @param stride bytes per row of the tile
   * @param image the whole image: red, green, blue
   */
  void copy(ByteBuffer tile, int stride, ByteBuffer image) {
    for (int y = 0; y < height; y++) {
      image.put(to(y), tile, (fromY + y) * stride + fromX * Pixels.SAMPLES, width * Pixels.SAMPLES);
    }
  }

  /**
   * Lays red, green, blue, alpha over white.
   *
   * @param tile its rows
   * @param stride bytes per row of the tile
   * @param premultiplied whether colours are multiplied by their alpha already
   * @param image the whole image: red, green, blue
   */
  void copyOverWhite(ByteBuffer tile, int stride, boolean premultiplied, ByteBuffer image) {
    byte[] rgba = new byte[width * RGBA];
    byte[] rgb = new byte[width * Pixels.SAMPLES];
    for (int y = 0; y < height; y++) {
      tile.get((fromY + y) * stride + fromX * RGBA, rgba);
      for (int i = 0, at = 0; i < rgba.length; i += RGBA, at += Pixels.SAMPLES) {
        int alpha = rgba[i + 3] & 0xFF;
        int red = rgba[i] & 0xFF;
        int green = rgba[i + 1] & 0xFF;
        int blue = rgba[i + 2] & 0xFF;
        if (premultiplied) {
          rgb[at] = (byte) Math.min(255, red + 255 - alpha);
          rgb[at + 1] = (byte) Math.min(255, green + 255 - alpha);
          rgb[at + 2] = (byte) Math.min(255, blue + 255 - alpha);
        } else {
          OverWhite.put(rgb, at, red, green, blue, alpha);
        }
      }
      image.put(to(y), rgb);
    }
  }

  private int to(int y) {
    return ((toY + y) * imageWidth + toX) * Pixels.SAMPLES;
  }
}
