package dev.glimpse.image.tiff;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Reads the tags of a TIFF file's first page, which {@link TiffPages} can exchange, whose numbers
 * are those of <a href="https://www.itu.int/itudoc/itu-t/com16/tiff-fx/docs/tiff6.pdf">TIFF
 * 6.0</a>, section 8. Throws an {@link IndexOutOfBoundsException} if a tag or its values lie
 * outside the file.
 */
final class TiffDirectory {

  private static final int BYTE = 1;
  private static final int SHORT = 3;
  private static final int LONG = 4;

  private record Entry(int type, long count, int at) {}

  private final ByteBuffer in;
  private final Map<Integer, Entry> entries = new HashMap<>();

  TiffDirectory(byte[] bytes) {
    in = ByteBuffer.wrap(bytes);
    in.order(bytes[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    int at = position(Integer.toUnsignedLong(in.getInt(4)), 2);
    int count = Short.toUnsignedInt(in.getShort(at));
    for (int i = 0, entry = at + 2; i < count; i++, entry += 12) {
      entries.put(
          Short.toUnsignedInt(in.getShort(entry)),
          new Entry(
              Short.toUnsignedInt(in.getShort(entry + 2)),
              Integer.toUnsignedLong(in.getInt(entry + 4)),
              entry + 8));
    }
  }

  boolean bigEndian() {
    return in.order() == ByteOrder.BIG_ENDIAN;
  }

  boolean has(int tag) {
    return entries.containsKey(tag);
  }

  /**
   * Returns a tag's first value, 0 to 2³² − 1.
   *
   * @param otherwise the result if the tag is missing or does not hold unsigned integers
   */
  long value(int tag, long otherwise) {
    Values values = values(tag);
    return values.count() == 0 ? otherwise : values.get(0);
  }

  /** Returns a tag's values; none if it is missing or does not hold unsigned integers. */
  Values values(int tag) {
    Entry entry = entries.get(tag);
    int size = entry == null ? 0 : size(entry.type);
    if (entry == null || size == 0) {
      return new Values(in, 0, 0, 1);
    }
    long length = entry.count * size;
    int at = length <= 4 ? entry.at : position(Integer.toUnsignedLong(in.getInt(entry.at)), length);
    return new Values(in, (int) entry.count, at, size);
  }

  private static int size(int type) {
    return switch (type) {
      case BYTE -> 1;
      case SHORT -> 2;
      case LONG -> 4;
      default -> 0;
    };
  }

  /**
   * A tag's values, read from the file one by one, as a file of some megabytes can name millions of
   * values in each of many tags.
   */
  record Values(ByteBuffer in, int count, int at, int size) {

    /** Returns a value, 0 to 2³² − 1. */
    long get(int index) {
      int place = at + Objects.checkIndex(index, count) * size;
      return switch (size) {
        case 1 -> Byte.toUnsignedLong(in.get(place));
        case 2 -> Short.toUnsignedLong(in.getShort(place));
        default -> Integer.toUnsignedLong(in.getInt(place));
      };
    }
  }

  private int position(long at, long length) {
    if (at + length > in.limit()) {
      throw new IndexOutOfBoundsException("A tag points beyond the file");
    }
    return (int) at;
  }
}
