package dev.glimpse.api.grpc.services;

import dev.glimpse.api.grpc.MessageWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Writes {@code ModelInferRequest}s. */
final class InferRequests {

  private InferRequests() {}

  static MessageWriter of(String model) {
    return new MessageWriter().text(1, model);
  }

  static MessageWriter input(String name, String datatype, Long... shape) {
    return new MessageWriter().text(1, name).text(2, datatype).numbers(3, List.of(shape));
  }

  static MessageWriter output(String name, long classes) {
    MessageWriter parameter =
        new MessageWriter()
            .text(1, "classification")
            .message(2, new MessageWriter().number(2, classes));
    return new MessageWriter().text(1, name).message(2, parameter);
  }

  static byte[] floats(float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putFloat(value);
    }
    return bytes.array();
  }

  static byte[] longs(long... values) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (long value : values) {
      bytes.putLong(value);
    }
    return bytes.array();
  }

  /** Returns strings as a raw tensor has them. */
  static byte[] strings(byte[]... values) {
    int length = 0;
    for (byte[] value : values) {
      length += 4 + value.length;
    }
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    for (byte[] value : values) {
      bytes.putInt(value.length).put(value);
    }
    return bytes.array();
  }

  /** Asks the model of tables for two rows, of which it makes 22 and 1.75. */
  static MessageWriter rawTable() {
    return of("tabular")
        .text(3, "row 7")
        .message(5, input("visits", "INT64", 2L, 1L))
        .message(5, input("measures", "FP32", 2L, 2L))
        .message(5, input("member", "BOOL", 2L, 1L))
        .element(7, longs(4, 0))
        .element(7, floats(1, 2, 0.5f, 0.25f))
        .element(7, new byte[] {1, 0});
  }

  /** Asks the same, with elements in the fields of their types. */
  static MessageWriter typedTable() {
    return of("tabular")
        .text(3, "row 7")
        .message(5, typed(input("visits", "INT64", 2L, 1L), 3, new byte[] {4, 0}))
        .message(5, typed(input("measures", "FP32", 2L, 2L), 6, floats(1, 2, 0.5f, 0.25f)))
        .message(5, typed(input("member", "BOOL", 2L, 1L), 1, new byte[] {1, 0}));
  }

  /** Adds elements, packed. */
  static MessageWriter typed(MessageWriter input, int field, byte[] packed) {
    return input.message(5, new MessageWriter().element(field, packed));
  }
}
