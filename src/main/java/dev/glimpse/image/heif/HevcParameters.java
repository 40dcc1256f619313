package dev.glimpse.image.heif;

import dev.glimpse.image.UnreadableImage;
import java.nio.ByteBuffer;

/**
 * Holds what a sequence parameter set of <a href="https://www.itu.int/rec/T-REC-H.265">HEVC</a>,
 * section 7.3.2.2, says about a picture's size and its division into blocks.
 *
 * @param width of the coded picture, in pixels
 * @param height of the coded picture, in pixels
 * @param shownWidth without what is cropped
 * @param shownHeight without what is cropped
 * @param depth the most bits of a sample
 * @param blocks its division
 */
record HevcParameters(
    long width, long height, long shownWidth, long shownHeight, long depth, Blocks blocks) {

  /** More than the fields up to the blocks take in any file that is not made to be odd. */
  private static final int MOST_BYTES = 512;

  /** Blocks have 64 pixels a side at most, and transforms 32. */
  private static final int LOG_LARGEST_BLOCK = 6;

  private static final int LOG_LARGEST_TRANSFORM = 5;

  /**
   * Says how a picture is divided; sides are logarithms to the base 2 of pixels.
   *
   * @param smallest side of a coding block
   * @param largest side of a coding block
   * @param smallestTransform side of a transform block
   * @param largestTransform side of a transform block
   * @param depth how often a coding block may be divided into transform blocks
   */
  record Blocks(
      long smallest, long largest, long smallestTransform, long largestTransform, long depth) {

    static Blocks read(Bits sps) {
      long smallest = 3 + sps.golomb();
      long largest = smallest + sps.golomb();
      long smallestTransform = 2 + sps.golomb();
      long largestTransform = smallestTransform + sps.golomb();
      return new Blocks(
          smallest,
          largest,
          smallestTransform,
          largestTransform,
          Math.max(sps.golomb(), sps.golomb()));
    }

    private boolean isPossible() {
      return largest <= LOG_LARGEST_BLOCK
          && smallestTransform <= smallest
          && largestTransform <= Math.min(largest, LOG_LARGEST_TRANSFORM)
          && depth <= largest - smallestTransform;
    }
  }

  /**
   * Reads the fields.
   *
   * @param nal from the first byte after the unit's header on
   */
  static HevcParameters read(ByteBuffer nal) {
    Bits sps = Bits.unescaped(nal, MOST_BYTES);
    sps.skip(4);
    int layers = (int) sps.read(3);
    sps.skip(1);
    skipProfile(sps, layers);
    sps.golomb();
    long chroma = sps.golomb();
    if (chroma == 3) {
      sps.skip(1);
    }
    long width = sps.golomb();
    long height = sps.golomb();
    long shownWidth = width;
    long shownHeight = height;
    if (sps.flag()) {
      int unitX = chroma == 1 || chroma == 2 ? 2 : 1;
      int unitY = chroma == 1 ? 2 : 1;
      shownWidth -= unitX * (sps.golomb() + sps.golomb());
      shownHeight -= unitY * (sps.golomb() + sps.golomb());
    }
    long depth = 8 + Math.max(sps.golomb(), sps.golomb());
    skipOrder(sps, layers);
    return new HevcParameters(width, height, shownWidth, shownHeight, depth, Blocks.read(sps));
  }

  /**
   * Refuses a division that is not possible: libde265 does, too, but writes a line to the standard
   * error, which it has no switch for.
   *
   * @throws UnreadableImage if it is corrupt
   */
  void requireBlocks() throws UnreadableImage {
    if (!blocks.isPossible() || (width | height) % (1L << blocks.smallest()) != 0) {
      throw new UnreadableImage("corrupt");
    }
  }

  private static void skipProfile(Bits sps, int layers) {
    sps.skip(96);
    boolean[] profile = new boolean[layers];
    boolean[] level = new boolean[layers];
    for (int i = 0; i < layers; i++) {
      profile[i] = sps.flag();
      level[i] = sps.flag();
    }
    sps.skip(layers > 0 ? 2 * (8 - layers) : 0);
    for (int i = 0; i < layers; i++) {
      sps.skip((profile[i] ? 88 : 0) + (level[i] ? 8 : 0));
    }
  }

  /** Skips the length of picture counts and the sizes of buffers, which concern videos. */
  private static void skipOrder(Bits sps, int layers) {
    sps.golomb();
    int described = sps.flag() ? layers + 1 : 1;
    for (int i = 0; i < 3 * described; i++) {
      sps.golomb();
    }
  }
}
