package dev.glimpse.api.grpc.services;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.glimpse.api.grpc.MessageReader;
import dev.glimpse.api.grpc.MessageWriter;
import dev.glimpse.api.tensorjson.Datatype;
import dev.glimpse.engine.Tensor;
import dev.glimpse.engine.TensorSpec;
import dev.glimpse.failure.ServingException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Reads and writes an {@code InferTensorContents}, which has a field for the elements of each kind
 * of type. Those of 16-bit floats have none.
 */
final class TypedContents {

  /** The names of the fields by their numbers, from 1. */
  private static final List<String> FIELDS =
      List.of(
          "bool_contents",
          "int_contents",
          "int64_contents",
          "uint_contents",
          "uint64_contents",
          "fp32_contents",
          "fp64_contents",
          "bytes_contents");

  private final String field;
  private final TensorSpec spec;
  private final Datatype type;
  private final int number;
  private final long expected;
  private final ByteBuffer data;
  private long count;

  private TypedContents(String field, TensorSpec spec, Datatype type, int bytes) {
    this.field = field;
    this.spec = spec;
    this.type = type;
    this.number = number(type);
    this.expected = count(spec.shape());
    if (number == 0) {
      throw wrong("cannot hold %s, which is sent in raw_input_contents only".formatted(type));
    }
    if (expected > bytes) { // an element takes a byte or more
      throw wrong("holds fewer elements than %s has".formatted(spec));
    }
    long size = bytes(type, expected, bytes);
    if (size > Integer.MAX_VALUE - 8) {
      throw wrong("holds more elements than are read; send them in raw_input_contents");
    }
    this.data = ByteBuffer.allocate((int) size).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Returns how many elements a shape has; the largest number of a tensor's if they are more. */
  static long count(List<Long> shape) {
    return shape.stream().reduce(1L, (all, size) -> Math.min(all * size, Integer.MAX_VALUE));
  }

  /**
   * Returns how many bytes a tensor takes.
   *
   * @param count its elements, which are no more than {@code bytes}
   * @param bytes of the message with its elements
   */
  static long bytes(Datatype type, long count, long bytes) {
    return type == Datatype.BYTES
        ? bytes + 2 * count // two bytes or more become four
        : count * type.leastBytes();
  }

  /** Returns the number of the field that holds elements of a type; 0 if none does. */
  private static int number(Datatype type) {
    return switch (type) {
      case BOOL -> 1;
      case INT8, INT16, INT32 -> 2;
      case INT64 -> 3;
      case UINT8, UINT16, UINT32 -> 4;
      case UINT64 -> 5;
      case FP32 -> 6;
      case FP64 -> 7;
      case BYTES -> 8;
      case FP16, BF16 -> 0;
    };
  }

  private static int wireType(Datatype type) {
    return switch (type) {
      case FP32 -> WireFormat.WIRETYPE_FIXED32;
      case FP64 -> WireFormat.WIRETYPE_FIXED64;
      case BYTES -> WireFormat.WIRETYPE_LENGTH_DELIMITED;
      default -> WireFormat.WIRETYPE_VARINT;
    };
  }

  /** Returns whether elements of a type can be written. */
  static boolean canHold(Datatype type) {
    return number(type) > 0;
  }

  /**
   * Reads elements.
   *
   * @param contents parts that belong together, on the heap
   * @param field where in the request they are, for messages
   * @throws ServingException INVALID_PARAMETER if they are not of the tensor's type and shape
   */
  static Tensor read(List<ByteBuffer> contents, String field, TensorSpec spec, Datatype type) {
    int bytes = contents.stream().mapToInt(ByteBuffer::remaining).sum();
    TypedContents elements = new TypedContents(field, spec, type, bytes);
    for (ByteBuffer part : contents) {
      MessageReader.read(InferMessage.NAME, CodedInputStream.newInstance(part), elements::field);
    }
    if (elements.count != elements.expected) {
      throw elements.wrong(
          "holds %d elements, and %s has another number of them".formatted(elements.count, spec));
    }
    return new Tensor(spec, elements.data.flip());
  }

  private void field(int tag, CodedInputStream in) throws IOException {
    int given = WireFormat.getTagFieldNumber(tag);
    int wire = tag & 7;
    if (given != number && given <= FIELDS.size()) {
      throw wrong(
          "must hold %s, as \"%s\" is %s".formatted(FIELDS.get(number - 1), spec.name(), type));
    }
    if (given == number && wire == wireType(type)) {
      element(in);
    } else if (given == number && wire == MessageReader.LENGTH) {
      int limit = in.pushLimit(in.readRawVarint32());
      while (!in.isAtEnd()) {
        element(in);
      }
      in.popLimit(limit);
    } else {
      in.skipField(tag);
    }
  }

  private void element(CodedInputStream in) throws IOException {
    if (++count > expected) {
      throw wrong("holds more elements than %s has".formatted(spec));
    }
    switch (type) {
      case BOOL -> data.put((byte) (in.readBool() ? 1 : 0));
      case INT8, UINT8 -> data.put((byte) whole(in));
      case INT16, UINT16 -> data.putShort((short) whole(in));
      case INT32, UINT32 -> data.putInt((int) whole(in));
      case INT64, UINT64 -> data.putLong(in.readRawVarint64());
      case FP32 -> data.putInt(in.readFixed32());
      case FP64 -> data.putLong(in.readFixed64());
      case BYTES -> {
        byte[] string = in.readByteArray();
        data.putInt(string.length).put(string);
      }
      case FP16, BF16 -> throw new IllegalStateException("have no field");
    }
  }

  private long whole(CodedInputStream in) throws IOException {
    boolean unsigned = number == number(Datatype.UINT32);
    long value = unsigned ? Integer.toUnsignedLong(in.readUInt32()) : in.readInt32();
    int bits = type.leastBytes() * Byte.SIZE;
    long limit = 1L << (unsigned ? bits : bits - 1);
    if (value >= limit || value < (unsigned ? 0 : -limit)) {
      throw wrong(
          "holds a number that %s cannot hold, and \"%s\" is of that".formatted(type, spec.name()));
    }
    return value;
  }

  private ServingException wrong(String what) {
    return ServingException.invalid(field, what);
  }

  /**
   * Writes a tensor's elements.
   *
   * @param type one that {@link #canHold} confirms
   */
  static MessageWriter write(Tensor tensor, Datatype type) {
    MessageWriter contents = new MessageWriter();
    if (type == Datatype.BYTES) {
      tensor.strings().forEach(string -> contents.element(number(type), string));
      return contents;
    }
    ByteBuffer elements = tensor.elements();
    return switch (type) {
      case FP32, FP64, BOOL -> contents.element(number(type), elements); // as packed
      default -> {
        Numbers numbers = new Numbers(elements, type);
        yield contents.numbers(number(type), numbers.count(), numbers);
      }
    };
  }
}
