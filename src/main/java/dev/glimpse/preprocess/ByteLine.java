package dev.glimpse.preprocess;

import java.nio.ByteBuffer;

/** Holds a line of uint8 elements. */
final class ByteLine implements Line {

  private final byte[] values;
  private final ByteBuffer tensor;
  private final byte[] row;

  ByteLine(byte[] values, ByteBuffer tensor, int length) {
    this.values = values;
    this.tensor = tensor;
    this.row = new byte[length];
  }

  @Override
  public void plane(int[] pixels, int shift, int table) {
    translate(pixels, shift, values, table, row);
  }

  private static void translate(int[] pixels, int shift, byte[] values, int table, byte[] row) {
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
