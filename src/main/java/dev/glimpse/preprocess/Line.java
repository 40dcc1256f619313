package dev.glimpse.preprocess;

import java.nio.ByteBuffer;

/**
 * A line of elements on its way into a tensor. A sample has only 256 values, so that what each of
 * them becomes, in whatever type, is computed once a model and looked up here.
 */
interface Line {

  /**
   * Looks up one sample of each pixel. The line is then as long as the pixels are.
   *
   * @param pixels as {@link PixelRows} has them
   * @param shift where in a pixel the sample lies
   * @param table where the samples' values begin
   */
  void plane(int[] pixels, int shift, int table);

  /** Looks up all samples of each pixel, one after the other. */
  void interleaved(int[] pixels, Channels channels);

  /** Puts the line into the tensor, from an element on. */
  void put(int element);

  /** Makes lines for one tensor. */
  interface Maker {

    /**
     * Makes a line.
     *
     * @param tensor begins at its position, which stays as it is; in native order
     * @param length in elements
     */
    Line make(ByteBuffer tensor, int length);
  }

  /**
   * Lines of elements of a type.
   *
   * @param values what the samples become: 256 for each channel
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
