package dev.glimpse.image.tiff;

import java.util.Arrays;

/**
 * Converts a TIFF page's samples to RGB over white, with Pillow's arithmetic. Immutable; any thread
 * may use it.
 */
final class TiffColours {

  private enum Kind {
    WHITE_IS_ZERO(1),
    BLACK_IS_ZERO(1),
    RGB(3),
    PALETTE(1),
    CMYK(4);

    private final int samples;

    Kind(int samples) {
      this.samples = samples;
    }
  }

  private enum Alpha {
    NONE,
    /** The colours are already multiplied by it. */
    ASSOCIATED,
    UNASSOCIATED
  }

  private final Kind kind;
  private final Alpha alpha;
  private final int bits;
  private final byte[] palette;

  private TiffColours(Kind kind, Alpha alpha, int bits, byte[] palette) {
    this.kind = kind;
    this.alpha = alpha;
    this.bits = bits;
    this.palette = palette;
  }

  /**
   * Reads what the samples mean.
   *
   * @throws dev.glimpse.failure.ServingException UNSUPPORTED_MEDIA_TYPE if the colours are of a
   *     kind that is not supported
   * @throws IllegalArgumentException if the tags contradict each other
   */
  static TiffColours of(TiffDirectory tags, TiffLayout layout) {
    long photometric = tags.value(TiffTag.PHOTOMETRIC_INTERPRETATION, 0);
    Kind kind =
        switch ((int) photometric) {
          case 0 -> Kind.WHITE_IS_ZERO;
          case 1 -> Kind.BLACK_IS_ZERO;
          case 2 -> Kind.RGB;
          case 3 -> Kind.PALETTE;
          case 5 -> Kind.CMYK;
          case 6 -> throw UnsupportedTiff.of("in YCbCr");
          case 8, 9, 10 -> throw UnsupportedTiff.of("in L*a*b*");
          default -> throw UnsupportedTiff.of("with photometric interpretation " + photometric);
        };
    if (layout.samples() < kind.samples) {
      throw new IllegalArgumentException("Too few samples for the colours");
    }
    if ((layout.samples() > 1 && layout.bits() < 8)
        || (kind == Kind.PALETTE && layout.bits() > 8)) {
      throw UnsupportedTiff.of("with " + layout.bits() + " bits per sample in these colours");
    }
    Alpha alpha =
        layout.samples() > kind.samples
            ? alpha(kind, tags.values(TiffTag.EXTRA_SAMPLES))
            : Alpha.NONE;
    byte[] palette =
        kind == Kind.PALETTE
            ? palette(tags.values(TiffTag.COLOR_MAP), 1 << layout.bits())
            : new byte[0];
    return new TiffColours(kind, alpha, layout.bits(), palette);
  }

  /** Says what the first extra sample means; others are ignored. */
  private static Alpha alpha(Kind kind, TiffDirectory.Values extra) {
    if (kind == Kind.CMYK) {
      return Alpha.NONE;
    }
    if (extra.count() == 0) { // some writers omit the tag but mean alpha
      return kind == Kind.RGB ? Alpha.UNASSOCIATED : Alpha.NONE;
    }
    return switch ((int) extra.get(0)) {
      case 1 -> Alpha.ASSOCIATED;
      case 2, 999 -> Alpha.UNASSOCIATED; // 999 is written by Corel Draw
      default -> Alpha.NONE;
    };
  }

  /**
   * Reads the palette: all reds, all greens, all blues, of whose 16 bits Pillow uses the upper 8.
   */
  private static byte[] palette(TiffDirectory.Values colours, int count) {
    if (colours.count() < 3 * count) {
      throw new IllegalArgumentException("The palette is too short");
    }
    byte[] palette = new byte[3 * count];
    for (int i = 0; i < palette.length; i++) {
      palette[i] = (byte) (colours.get(i % 3 * count + i / 3) >> 8);
    }
    return palette;
  }

  /**
   * Converts one pixel.
   *
   * @param samples all samples of a row
   * @param from index of the pixel's first sample
   * @param rgb receives red, green and blue
   * @param to index of red in {@code rgb}
   */
  void put(int[] samples, int from, byte[] rgb, int to) {
    int opacity = alpha == Alpha.NONE ? 255 : high(samples[from + kind.samples]);
    switch (kind) {
      case PALETTE -> {
        int at = samples[from] * 3;
        for (int c = 0; c < 3; c++) {
          rgb[to + c] = over(palette[at + c] & 0xFF, opacity);
        }
      }
      case RGB -> {
        for (int c = 0; c < 3; c++) {
          rgb[to + c] = over(high(samples[from + c]), opacity);
        }
      }
      case CMYK -> {
        int white = 255 - high(samples[from + 3]);
        for (int c = 0; c < 3; c++) {
          rgb[to + c] = (byte) (((255 - high(samples[from + c])) * white + 127) / 255);
        }
      }
      default -> {
        int most = (1 << bits) - 1;
        int value = kind == Kind.WHITE_IS_ZERO ? most - samples[from] : samples[from];
        Arrays.fill(rgb, to, to + 3, over((value * 255 + most / 2) / most, opacity));
      }
    }
  }

  /** Returns the upper 8 of 16 bits: Pillow rounds 16-bit grey, but truncates 16-bit colour. */
  private int high(int sample) {
    return bits == 16 ? sample >> 8 : sample;
  }

  private byte over(int colour, int opacity) {
    if (alpha == Alpha.ASSOCIATED) {
      // As in Pillow: undo the multiplication in integers, then lay over white as usual.
      colour = opacity == 0 ? 0 : Math.min(255, colour * 255 / opacity);
    }
    return (byte) ((colour * opacity + 255 * (255 - opacity) + 127) / 255);
  }
}
