package dev.glimpse.image.tiff;

/**
 * Describes how a TIFF page's samples lie in the file: in blocks, which are strips or tiles, with
 * the samples of a pixel side by side or each in a plane of its own.
 *
 * @param width of the page in pixels
 * @param height of the page in pixels
 * @param blockWidth of a block in pixels
 * @param blockHeight of a block in pixels; the last strip may have fewer
 * @param bits per sample: 1, 2, 4, 8 or 16
 * @param samples per pixel, in all planes together
 * @param planes 1, or as many as there are samples
 * @param compression of each block
 * @param differences whether a sample is stored as its difference from the one on its left
 * @param lowBitFirst whether the bits of every byte are reversed
 * @param bigEndian byte order of 16-bit samples
 */
record TiffLayout(
    int width,
    int height,
    int blockWidth,
    int blockHeight,
    int bits,
    int samples,
    int planes,
    TiffCompression compression,
    boolean differences,
    boolean lowBitFirst,
    boolean bigEndian) {

  private static final int MAX_SAMPLES = 6;
  private static final long NO_END = 0xFFFFFFFFL;
  private static final int SMALL_ENOUGH = 1 << 22;

  /**
   * Reads the layout.
   *
   * @throws dev.glimpse.failure.ServingException UNSUPPORTED_MEDIA_TYPE if the page is of a kind
   *     that is not supported
   * @throws IndexOutOfBoundsException if a tag lies outside the file
   * @throws IllegalArgumentException if the tags contradict each other
   */
  static TiffLayout of(TiffDirectory tags) {
    int width = side(tags.value(TiffTag.IMAGE_WIDTH, 0));
    int height = side(tags.value(TiffTag.IMAGE_LENGTH, 0));
    boolean tiled = tags.has(TiffTag.TILE_WIDTH);
    int blockWidth = tiled ? side(tags.value(TiffTag.TILE_WIDTH, 0)) : width;
    int blockHeight =
        side(
            tiled
                ? tags.value(TiffTag.TILE_LENGTH, 0)
                : strip(tags.value(TiffTag.ROWS_PER_STRIP, NO_END), height));
    long tiles = ((width - 1L) / blockWidth + 1) * ((height - 1L) / blockHeight + 1);
    // Tiles may reach beyond the image, but not so far that they cost much more than it does.
    if (tiled
        && (double) tiles * blockWidth * blockHeight
            > Math.max(SMALL_ENOUGH, 2.0 * width * height)) {
      throw new IllegalArgumentException("The tiles are much larger than the image");
    }
    TiffCompression compression = TiffCompression.of(tags.value(TiffTag.COMPRESSION, 1));
    long samples = tags.value(TiffTag.SAMPLES_PER_PIXEL, 1);
    if (samples < 1 || samples > MAX_SAMPLES) {
      throw UnsupportedTiff.of("with " + samples + " samples per pixel");
    }
    int bits = bits(tags.values(TiffTag.BITS_PER_SAMPLE), (int) samples);
    long format = tags.value(TiffTag.SAMPLE_FORMAT, 1);
    // Pillow also reads signed samples of up to 8 bits as unsigned.
    if (format != 1 && !(format == 2 && bits <= 8)) {
      throw UnsupportedTiff.of("with signed or floating-point samples");
    }
    long predictor = tags.value(TiffTag.PREDICTOR, 1);
    boolean predicted =
        compression == TiffCompression.LZW || compression == TiffCompression.DEFLATE;
    if (predicted && predictor != 1 && (predictor != 2 || bits < 8)) {
      throw UnsupportedTiff.of("with predictor " + predictor);
    }
    boolean planar = tags.value(TiffTag.PLANAR_CONFIGURATION, 1) == 2;
    return new TiffLayout(
        width,
        height,
        blockWidth,
        blockHeight,
        bits,
        (int) samples,
        planar ? (int) samples : 1,
        compression,
        predicted && predictor == 2,
        tags.value(TiffTag.FILL_ORDER, 1) == 2,
        tags.bigEndian());
  }

  /** Returns the number of blocks side by side. */
  int across() {
    return (width - 1) / blockWidth + 1;
  }

  /** Returns the number of blocks one below the other. */
  int down() {
    return (height - 1) / blockHeight + 1;
  }

  /** Returns the number of samples per pixel in one plane. */
  int samplesInPlane() {
    return samples / planes;
  }

  /** Returns the bytes of a block's row in one plane; each row begins at a whole byte. */
  int rowBytes() {
    return Math.toIntExact(((long) blockWidth * samplesInPlane() * bits + 7) / 8);
  }

  private static int strip(long rows, int height) {
    return rows == NO_END ? height : Math.min(height, side(rows));
  }

  private static int side(long pixels) {
    if (pixels < 1 || pixels > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("A side has no pixels, or too many");
    }
    return (int) pixels;
  }

  private static int bits(TiffDirectory.Values each, int samples) {
    long bits = each.count() == 0 ? 1 : each.get(0);
    for (int i = 1; i < Math.min(each.count(), samples); i++) {
      if (each.get(i) != bits) {
        throw UnsupportedTiff.of("with samples of different sizes");
      }
    }
    if (bits != 1 && bits != 2 && bits != 4 && bits != 8 && bits != 16) {
      throw UnsupportedTiff.of("with " + bits + " bits per sample");
    }
    return (int) bits;
  }
}
