package dev.glimpse.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Locates the sizes and depths in an image's header, so that a test can falsify them. */
final class HeaderFields {

  private HeaderFields() {}

  /** Returns pairs of an offset and a width in bytes; an offset may lie beyond the file's end. */
  static int[][] of(byte[] b) {
    int first = b[0] & 0xFF;
    return switch (first) {
      case 0x89 -> new int[][] {{16, 4}, {20, 4}, {24, 1}, {25, 1}, {28, 1}, {8, 4}};
      case 'G' -> gif(b);
      case 'B' -> new int[][] {{10, 4}, {14, 4}, {18, 4}, {22, 4}, {28, 2}, {30, 4}, {46, 4}};
      case 'R' -> new int[][] {{4, 4}, {16, 4}, {20, 4}, {21, 4}, {24, 4}, {26, 2}, {28, 2}};
      case 'I', 'M' -> tiff(b);
      default -> jpeg(b);
    };
  }

  private static int[][] gif(byte[] b) {
    int frame = b.length > 13 && b[10] < 0 ? 13 + 3 * (2 << (b[10] & 7)) : 13;
    while (frame < b.length - 1 && b[frame] != 0x2C) {
      frame++;
    }
    return new int[][] {
      {6, 2},
      {8, 2},
      {10, 1},
      {11, 1},
      {frame + 1, 2},
      {frame + 3, 2},
      {frame + 5, 2},
      {frame + 7, 2},
      {frame + 9, 1},
      {frame + 10, 1}
    };
  }

  private static int[][] jpeg(byte[] b) {
    for (int i = 0; i < b.length - 12; i++) {
      boolean frame = (b[i] & 0xFF) == 0xFF && b[i + 1] >= (byte) 0xC0 && b[i + 1] <= (byte) 0xC2;
      if (frame) {
        return new int[][] {
          {i + 2, 2}, {i + 4, 1}, {i + 5, 2}, {i + 7, 2}, {i + 9, 1}, {i + 11, 1}, {i + 12, 1}
        };
      }
    }
    return new int[][] {{2, 2}};
  }

  private static int[][] tiff(byte[] b) {
    List<int[]> fields = new ArrayList<>(List.of(new int[] {4, 4}));
    ByteBuffer in =
        ByteBuffer.wrap(b).order(b[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    int directory = b.length < 8 ? -1 : in.getInt(4);
    if (directory > 0 && directory < b.length - 2) {
      fields.add(new int[] {directory, 2});
      for (int i = 0; i < Math.min(40, in.getShort(directory)); i++) {
        int entry = directory + 2 + 12 * i;
        fields.add(new int[] {entry + 2, 2});
        fields.add(new int[] {entry + 4, 4});
        fields.add(new int[] {entry + 8, 4});
      }
    }
    return fields.toArray(int[][]::new);
  }
}
