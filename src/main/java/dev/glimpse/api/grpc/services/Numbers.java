package dev.glimpse.api.grpc.services;

import dev.glimpse.api.tensorjson.Datatype;
import java.nio.ByteBuffer;
import java.util.AbstractList;
import java.util.RandomAccess;

/** Shows a tensor of integers as a list of them, without a copy. */
final class Numbers extends AbstractList<Long> implements RandomAccess {

  private final ByteBuffer elements;
  private final Datatype type;

  /**
   * Shows a tensor.
   *
   * @param elements little-endian, from position 0 to the limit
   */
  Numbers(ByteBuffer elements, Datatype type) {
    this.elements = elements;
    this.type = type;
  }

  @Override
  public Long get(int index) {
    int at = index * type.leastBytes();
    return switch (type) {
      case INT8 -> (long) elements.get(at);
      case UINT8 -> (long) Byte.toUnsignedInt(elements.get(at));
      case INT16 -> (long) elements.getShort(at);
      case UINT16 -> (long) Short.toUnsignedInt(elements.getShort(at));
      case INT32 -> (long) elements.getInt(at);
      case UINT32 -> Integer.toUnsignedLong(elements.getInt(at));
      case INT64, UINT64 -> elements.getLong(at);
      case BOOL, FP16, BF16, FP32, FP64, BYTES ->
          throw new IllegalArgumentException("is no integer");
    };
  }

  @Override
  public int size() {
    return elements.remaining() / type.leastBytes();
  }
}
