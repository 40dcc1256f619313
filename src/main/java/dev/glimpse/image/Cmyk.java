package dev.glimpse.image;

import java.awt.image.Raster;

/** Four-colour JPEGs, which ImageIO gives out as they are stored. */
final class Cmyk {

  /** How the four samples are stored. */
  enum Encoding {
    /** Cyan, magenta, yellow, black; 255 is full ink. */
    PLAIN,
    /** As Adobe writes it: 0 is full ink. */
    INVERTED,
    /** Adobe's, with the first three as YCbCr. */
    YCCK;

    static Encoding of(JpegSegments jpeg) {
      return jpeg.adobeTransform().map(t -> t == 2 ? YCCK : INVERTED).orElse(PLAIN);
    }
  }

  private Cmyk() {}

  /** The plain conversion without ink profiles: red = (255 − cyan) × (255 − black) / 255. */
  static Pixels toRgb(Raster raster, Encoding encoding) {
    int width = raster.getWidth();
    int height = raster.getHeight();
    byte[] rgb = new byte[Math.multiplyExact(Math.multiplyExact(width, height), 3)];
    int[] row = new int[width * raster.getNumBands()];
    for (int y = 0, at = 0; y < height; y++) {
      raster.getPixels(0, y, width, 1, row);
      for (int i = 0; i < row.length; i += 4, at += 3) {
        if (encoding == Encoding.YCCK) {
          fromYcc(row, i);
        }
        int white = encoding == Encoding.PLAIN ? 255 - row[i + 3] : row[i + 3];
        for (int c = 0; c < 3; c++) {
          int light = encoding == Encoding.PLAIN ? 255 - row[i + c] : row[i + c];
          rgb[at + c] = (byte) ((light * white + 127) / 255);
        }
      }
    }
    return new Pixels(width, height, rgb);
  }

  /** YCbCr to the inverted inks, by JFIF's formula. */
  private static void fromYcc(int[] row, int i) {
    double y = row[i];
    double cb = row[i + 1] - 128;
    double cr = row[i + 2] - 128;
    row[i] = clamp(y + 1.402 * cr);
    row[i + 1] = clamp(y - 0.344136 * cb - 0.714136 * cr);
    row[i + 2] = clamp(y + 1.772 * cb);
  }

  private static int clamp(double value) {
    return (int) Math.max(0, Math.min(255, Math.round(value)));
  }
}
