package dev.glimpse.api.grpc.services;

import dev.glimpse.api.tensorjson.Datatype;
import java.nio.ByteBuffer;
import java.util.function.IntToLongFunction;

/** Reads the integers of a tensor where they are. */
final class Numbers implements IntToLongFunction {

  private final ByteBuffer elements;
  private final Datatype type;

  /**
   * Reads those of a tensor.
   *
   * @param elements little-endian, from position 0 to the limit
   */
  Numbers(ByteBuffer elements, Datatype type) {
    this.elements = elements;
    this.type = type;
  }

  @Override
  public long applyAsLong(int index) {
    int at = index * type.leastBytes();
    return switch (type) {
      case INT8 -> elements.get(at);
      case UINT8 -> Byte.toUnsignedInt(elements.get(at));
      case INT16 -> elements.getShort(at);
      case UINT16 -> Short.toUnsignedInt(elements.getShort(at));
      case INT32 -> elements.getInt(at);
      case UINT32 -> Integer.toUnsignedLong(elements.getInt(at));
      case INT64, UINT64 -> elements.getLong(at);
      case BOOL, FP16, BF16, FP32, FP64, BYTES ->
          throw new IllegalArgumentException("is no integer");
    };
  }

  /** Returns how many there are. */
  int count() {
    return elements.remaining() / type.leastBytes();
  }
}
