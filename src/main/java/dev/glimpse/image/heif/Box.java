package dev.glimpse.image.heif;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Locates a box of an <a href="https://www.iso.org/standard/85596.html">ISO base media file</a>.
 *
 * @param type its four letters, the first in the highest byte
 * @param at offset of its content
 * @param end offset of the first byte after it
 */
record Box(int type, int at, int end) {

  /** More than a grid of 200 megapixels has items, or properties. */
  static final int MAX_CHILDREN = 20_000;

  private static final int HEADER = 8;

  /**
   * Lists the boxes from offset {@code at} to {@code end}. One that goes on beyond the end is cut:
   * reading its content fails, if that is needed.
   *
   * @throws IllegalArgumentException if there are too many, or one is shorter than its header
   */
  static List<Box> list(ByteBuffer in, int at, int end) {
    List<Box> boxes = new ArrayList<>();
    int next = at;
    while (end - next >= HEADER) {
      long size = Integer.toUnsignedLong(in.getInt(next));
      int header = HEADER;
      if (size == 1) {
        size = in.getLong(next + HEADER);
        header += Long.BYTES;
      }
      long length = size == 0 ? end - next : Math.min(size, end - next);
      if (length < header || boxes.size() == MAX_CHILDREN) {
        throw new IllegalArgumentException("A box of %d bytes".formatted(length));
      }
      boxes.add(new Box(in.getInt(next + 4), next + header, (int) (next + length)));
      next += (int) length;
    }
    return boxes;
  }

  /** Lists the boxes inside this one, after {@code skip} bytes of its own. */
  List<Box> children(ByteBuffer in, int skip) {
    return list(in, at + skip, end);
  }

  /** Finds the first of these boxes that has this type. */
  static Optional<Box> first(List<Box> boxes, int type) {
    return boxes.stream().filter(box -> box.type == type).findFirst();
  }

  /** Finds the first of these boxes that has this type, which has to be there. */
  static Box one(List<Box> boxes, int type) {
    return first(boxes, type).orElseThrow(() -> new IllegalArgumentException("A box is missing"));
  }

  /** Returns how many bytes its content has. */
  int length() {
    return end - at;
  }

  /** Returns its content in the format's byte order; reading beyond its end fails. */
  ByteBuffer content(ByteBuffer in) {
    return in.slice(at, length()).order(ByteOrder.BIG_ENDIAN);
  }

  /** Returns the number that four letters make. */
  static int type(String letters) {
    return (letters.charAt(0) << 24)
        | (letters.charAt(1) << 16)
        | (letters.charAt(2) << 8)
        | letters.charAt(3);
  }
}
