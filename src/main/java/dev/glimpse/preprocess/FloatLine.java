package dev.glimpse.preprocess;

import java.nio.FloatBuffer;

/** Holds a line of float32 elements. */
final class FloatLine implements Line {

  private final float[] values;
  private final FloatBuffer tensor;
  private final float[] row;

  FloatLine(float[] values, FloatBuffer tensor, int length) {
    this.values = values;
    this.tensor = tensor;
    this.row = new float[length];
  }

  @Override
  public void plane(int[] pixels, int shift, int table) {
    translate(pixels, shift, values, table, row);
  }

  private static void translate(int[] pixels, int shift, float[] values, int table, float[] row) {
    for (int x = 0; x < row.length; x++) {
      row[x] = values[table + ((pixels[x] >> shift) & 0xFF)];
    }
  }

  @Override
  public void interleaved(int[] pixels, Channels channels) {
    int count = channels.count();
    for (int channel = 0; channel < count; channel++) {
      int shift = channels.shift(channel);
      int table = channel * Preprocessing.LEVELS;
      for (int x = 0, i = channel; i < row.length; x++, i += count) {
        row[i] = values[table + ((pixels[x] >> shift) & 0xFF)];
      }
    }
  }

  @Override
  public void put(int element) {
    tensor.put(element, row);
  }
}
