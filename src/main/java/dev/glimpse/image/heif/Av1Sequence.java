package dev.glimpse.image.heif;

import dev.glimpse.image.UnreadableImage;
import java.nio.ByteBuffer;

/**
 * Holds the fields of an AV1 sequence header that tell how much a frame takes.
 *
 * @param width the most that a frame has, in pixels
 * @param height the most that a frame has, in pixels
 * @param depth bits per sample
 * @param reduced whether frames have no fields of their own before the size
 * @param screenContent 2 if each frame says whether it has the tools for screen content, or else 0
 *     or 1 for all of them
 * @param integerVectors 2 if a frame with these tools has one field more
 * @param idBits bits of a frame's id; 0 if it has none
 * @param timeBits bits of a frame's time; 0 if it has none
 */
record Av1Sequence(
    long width,
    long height,
    int depth,
    boolean reduced,
    int screenContent,
    int integerVectors,
    int idBits,
    int timeBits) {

  private static final int CHOOSE = 2;

  /** Reads a sequence header OBU without its own header. */
  static Av1Sequence of(ByteBuffer unit) {
    Bits in = new Bits(unit);
    long profile = in.read(3);
    in.skip(1);
    boolean reduced = in.flag();
    int timeBits = 0;
    if (reduced) {
      in.skip(5);
    } else {
      timeBits = skipTiming(in);
    }
    int widthBits = 1 + (int) in.read(4);
    int heightBits = 1 + (int) in.read(4);
    long width = 1 + in.read(widthBits);
    long height = 1 + in.read(heightBits);
    int idBits = 0;
    if (!reduced && in.flag()) {
      idBits = (int) (in.read(4) + 2 + in.read(3) + 1);
    }
    in.skip(3);
    int screenContent = CHOOSE;
    int integerVectors = CHOOSE;
    if (!reduced) {
      in.skip(4);
      boolean ordered = in.flag();
      in.skip(ordered ? 2 : 0);
      screenContent = in.flag() ? CHOOSE : (int) in.read(1);
      if (screenContent > 0) {
        integerVectors = in.flag() ? CHOOSE : (int) in.read(1);
      }
      in.skip(ordered ? 3 : 0);
    }
    in.skip(3);
    boolean high = in.flag();
    int depth = !high ? 8 : profile == 2 && in.flag() ? 12 : 10;
    return new Av1Sequence(
        width, height, depth, reduced, screenContent, integerVectors, idBits, timeBits);
  }

  /** Skips timing and operating points; returns how many bits the time of a frame has. */
  private static int skipTiming(Bits in) {
    boolean timing = in.flag();
    boolean model = false;
    boolean everyFrame = false;
    int delayBits = 0;
    int timeBits = 0;
    if (timing) {
      in.skip(64);
      everyFrame = in.flag();
      if (everyFrame) {
        in.golomb();
      }
      model = in.flag();
      if (model) {
        delayBits = 1 + (int) in.read(5);
        in.skip(32 + 5);
        timeBits = 1 + (int) in.read(5);
      }
    }
    boolean display = in.flag();
    for (long points = in.read(5); points >= 0; points--) {
      in.skip(12);
      if (in.read(5) > 7) {
        in.skip(1);
      }
      if (model && in.flag()) {
        in.skip(2 * delayBits + 1);
      }
      if (display && in.flag()) {
        in.skip(4);
      }
    }
    return everyFrame ? 0 : timeBits;
  }

  /**
   * Reads the first fields of a frame header.
   *
   * @param unit a frame or frame header OBU without its own header
   * @param format for messages
   * @throws UnreadableImage if it is not an intra frame that is shown
   */
  void requirePlainFrame(ByteBuffer unit, String format) throws UnreadableImage {
    Bits in = new Bits(unit);
    if (!reduced) {
      boolean existing = in.flag();
      long kind = in.read(2);
      if (existing || kind != 0 || !in.flag()) {
        throw new UnreadableImage("it is coded as a part of a video");
      }
      in.skip(timeBits);
    }
    in.skip(1);
    boolean tools = screenContent == CHOOSE ? in.flag() : screenContent == 1;
    if (tools && integerVectors == CHOOSE) {
      in.skip(1);
    }
    if (!reduced) {
      in.skip(idBits);
      if (in.flag()) {
        throw UnsupportedHeif.of(format, "with frames of various sizes");
      }
    }
  }
}
