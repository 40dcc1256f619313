package dev.glimpse.preprocess;

import java.nio.ShortBuffer;

/** Holds a line of float16 elements, each a short with its bits. */
final class HalfLine implements Line {

  private final short[] values;
  private final ShortBuffer tensor;
  private final short[] row;

  HalfLine(short[] values, ShortBuffer tensor, int length) {
    this.values = values;
    this.tensor = tensor;
    this.row = new short[length];
  }

  @Override
  public void plane(int[] pixels, int shift, int table) {
    translate(pixels, shift, values, table, row);
  }

  private static void translate(int[] pixels, int shift, short[] values, int table, short[] row) {
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
