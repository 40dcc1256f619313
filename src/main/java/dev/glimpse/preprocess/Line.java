package dev.glimpse.preprocess;

import dev.glimpse.engine.HalfFloat;
import java.nio.ByteBuffer;

/**
 * Converts a line of pixels to elements and puts them into a tensor. A sample has only 256 values,
 * so the element of each value is computed once per model and looked up here.
 */
interface Line {

  /**
   * Looks up one sample of each pixel. The line must be as long as the pixels.
   *
   * @param pixels packed as in {@link PixelRows}
   * @param shift position of the sample's lowest bit in a pixel
   * @param table index of the first element of this channel's table
   */
  void plane(int[] pixels, int shift, int table);

  /** Looks up all samples of each pixel, one after the other. */
  void interleaved(int[] pixels, Channels channels);

  /** Puts the line into the tensor, from this element on. */
  void put(int element);

  /** Creates lines for one tensor. */
  interface Maker {

    /**
     * Creates a line.
     *
     * @param tensor begins at its position, which is not changed; in native order
     * @param length in elements
     */
    Line make(ByteBuffer tensor, int length);
  }

  /**
   * Returns what creates lines of this element type.
   *
   * @param values the element of each sample: 256 for each channel
   */
  static Maker of(ElementType type, float[] values) {
    switch (type) {
      case FLOAT16 -> {
        short[] halves = new short[values.length];
        for (int i = 0; i < values.length; i++) {
          halves[i] = HalfFloat.of(values[i]);
        }
        return (tensor, length) -> new HalfLine(halves, tensor.asShortBuffer(), length);
      }
      case UINT8 -> {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
          bytes[i] = (byte) (int) values[i];
        }
        return (tensor, length) -> new ByteLine(bytes, tensor.slice(), length);
      }
      default -> {
        return (tensor, length) -> new FloatLine(values, tensor.asFloatBuffer(), length);
      }
    }
  }
}
