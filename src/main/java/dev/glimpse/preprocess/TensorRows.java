package dev.glimpse.preprocess;

import dev.glimpse.preprocess.Preprocessing.Size;
import java.nio.FloatBuffer;

/** Writes rows of pixels into a tensor, channel by channel. */
final class TensorRows implements PixelRows {

  private final float[] values;
  private final Size size;
  private final int origin;
  private final FloatBuffer tensor;
  private final float[] row;

  /**
   * Writes nothing yet.
   *
   * @param values what each sample becomes: 256 of red, of green, of blue
   * @param size of the tensor
   * @param left where the rows begin
   * @param top where the first of them goes
   * @param width of the rows, in pixels
   * @param tensor its position stays as it is
   */
  TensorRows(float[] values, Size size, int left, int top, int width, FloatBuffer tensor) {
    this.values = values;
    this.size = size;
    this.origin = tensor.position() + top * size.width() + left;
    this.tensor = tensor;
    this.row = new float[width];
  }

  @Override
  public void take(int y, int[] pixels) {
    for (int channel = 0; channel < 3; channel++) {
      translate(pixels, 8 * channel, values, Preprocessor.LEVELS * channel, row);
      tensor.put(origin + (channel * size.height() + y) * size.width(), row);
    }
  }

  private static void translate(int[] pixels, int shift, float[] values, int table, float[] row) {
    for (int x = 0; x < row.length; x++) {
      row[x] = values[table + ((pixels[x] >> shift) & 0xFF)];
    }
  }
}
