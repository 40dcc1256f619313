package dev.glimpse.image.jpeg;

import java.nio.ByteBuffer;

/** Converts the samples of CMYK JPEGs, which decoders return as they are stored, to RGB. */
final class Cmyk {

  /** Says how the four samples are stored. */
  enum Encoding {
    /** Cyan, magenta, yellow, black; 255 is full ink. */
    PLAIN,
    /** Cyan, magenta, yellow, black as Adobe writes them: 0 is full ink. */
    INVERTED,
    /** As Adobe writes it, with the first three converted to YCbCr. */
    YCCK;

    /** Reads the encoding from Adobe's segment; plain if there is none. */
    static Encoding of(JpegSegments jpeg) {
      return jpeg.adobeTransform().map(t -> t == 2 ? YCCK : INVERTED).orElse(PLAIN);
    }
  }

  private Cmyk() {}

  /**
   * Converts in place, without ink profiles: red = (255 − cyan) × (255 − black) / 255, rounded;
   * green and blue likewise.
   *
   * @param samples four bytes per pixel, from index 0 to the limit; afterwards three per pixel,
   *     from index 0 on
   */
  static void toRgb(ByteBuffer samples, Encoding encoding) {
    int[] inks = new int[4];
    for (int from = 0, to = 0; from < samples.limit(); from += 4, to += 3) {
      for (int c = 0; c < 4; c++) {
        inks[c] = samples.get(from + c) & 0xFF;
      }
      if (encoding == Encoding.YCCK) {
        fromYcc(inks);
      }
      int white = encoding == Encoding.PLAIN ? 255 - inks[3] : inks[3];
      for (int c = 0; c < 3; c++) {
        int light = encoding == Encoding.PLAIN ? 255 - inks[c] : inks[c];
        samples.put(to + c, (byte) ((light * white + 127) / 255));
      }
    }
  }

  /**
   * Converts YCbCr to inverted inks: red, green and blue by the formula of <a
   * href="https://www.w3.org/Graphics/JPEG/jfif3.pdf">JFIF</a>, each subtracted from 255.
   */
  private static void fromYcc(int[] inks) {
    double y = inks[0];
    double cb = inks[1] - 128;
    double cr = inks[2] - 128;
    inks[0] = 255 - clamp(y + 1.402 * cr);
    inks[1] = 255 - clamp(y - 0.344136 * cb - 0.714136 * cr);
    inks[2] = 255 - clamp(y + 1.772 * cb);
  }

  private static int clamp(double value) {
    return (int) Math.max(0, Math.min(255, Math.round(value)));
  }
}
