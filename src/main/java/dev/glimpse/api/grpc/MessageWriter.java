package dev.glimpse.api.grpc;

import com.google.protobuf.WireFormat;
import dev.glimpse.api.http.GrpcExchange;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToLongFunction;

/**
 * Writes a message in <a href="https://protobuf.dev/programming-guides/encoding/">protobuf</a>,
 * field by field. As in proto3, a field with its default value is left out. Large values stay where
 * they are until the whole message is copied, once. For one thread.
 */
public final class MessageWriter {

  /** Values of at least so many bytes are not copied into the fields around them. */
  private static final int LARGE = 512;

  private static final int MOST_VARINT_BYTES = 10;

  /** Usual fields are no longer than this. */
  private static final int FIELDS = 64;

  /** What precedes {@link #open}, each part from its position to its limit. */
  private final List<ByteBuffer> parts = new ArrayList<>();

  private long partBytes;
  private byte[] open = new byte[FIELDS];
  private int used;

  /** Writes a string. */
  public MessageWriter text(int field, String value) {
    return value.isEmpty() ? this : element(field, value.getBytes(StandardCharsets.UTF_8));
  }

  /** Writes each of several strings. */
  public MessageWriter texts(int field, List<String> values) {
    values.forEach(value -> element(field, value.getBytes(StandardCharsets.UTF_8)));
    return this;
  }

  /** Writes a boolean. */
  public MessageWriter bool(int field, boolean value) {
    return number(field, value ? 1 : 0);
  }

  /** Writes an integer of any size, or the number of an enum's constant. */
  public MessageWriter number(int field, long value) {
    return value == 0 ? this : choice(field, value);
  }

  /** Writes an integer even if it is 0: one of several choices, or one that need not be there. */
  public MessageWriter choice(int field, long value) {
    tag(field, WireFormat.WIRETYPE_VARINT);
    varint(value);
    return this;
  }

  /** Writes several integers, packed. */
  public MessageWriter numbers(int field, List<Long> values) {
    return numbers(field, values.size(), values::get);
  }

  /**
   * Writes several integers, packed.
   *
   * @param values returns each by its place, from 0; called twice for each
   */
  public MessageWriter numbers(int field, int count, IntToLongFunction values) {
    if (count == 0) {
      return this;
    }
    long bytes = 0;
    for (int i = 0; i < count; i++) {
      bytes += varintBytes(values.applyAsLong(i));
    }
    length(field, Math.toIntExact(bytes));
    room(Math.toIntExact(bytes + MOST_VARINT_BYTES)); // as each may be the longest
    for (int i = 0; i < count; i++) {
      varint(values.applyAsLong(i));
    }
    return this;
  }

  /**
   * Writes a message, even an empty one.
   *
   * @param value not to be written to any more
   */
  public MessageWriter message(int field, MessageWriter value) {
    length(field, value.length());
    value.parts.forEach(this::part);
    append(ByteBuffer.wrap(value.open, 0, value.used));
    return this;
  }

  /** Writes bytes, even if there are none: an element of several, a message, or packed numbers. */
  public MessageWriter element(int field, byte[] value) {
    return element(field, ByteBuffer.wrap(value));
  }

  /**
   * Writes bytes as {@link #element(int, byte[])}.
   *
   * @param value from its position to its limit, which is not changed; its bytes must not change
   *     before the message has been returned
   */
  public MessageWriter element(int field, ByteBuffer value) {
    length(field, value.remaining());
    append(value);
    return this;
  }

  /** Returns the message. */
  public byte[] toBytes() {
    return bytes(0);
  }

  /** Returns the message with its prefix, as gRPC sends it. */
  public byte[] framed() {
    byte[] framed = bytes(GrpcExchange.PREFIX_BYTES);
    ByteBuffer.wrap(framed).put((byte) 0).putInt(framed.length - GrpcExchange.PREFIX_BYTES);
    return framed;
  }

  private byte[] bytes(int before) {
    byte[] all = new byte[Math.addExact(before, length())];
    ByteBuffer to = ByteBuffer.wrap(all).position(before);
    parts.forEach(part -> to.put(part.duplicate()));
    to.put(open, 0, used);
    return all;
  }

  private int length() {
    return Math.toIntExact(partBytes + used);
  }

  private void append(ByteBuffer value) {
    int bytes = value.remaining();
    if (bytes >= LARGE) {
      part(value);
    } else {
      room(bytes);
      value.duplicate().get(open, used, bytes);
      used += bytes;
    }
  }

  private void part(ByteBuffer part) {
    if (used > 0) {
      parts.add(ByteBuffer.wrap(open, 0, used).slice());
      partBytes += used;
      open = new byte[FIELDS];
      used = 0;
    }
    parts.add(part.slice());
    partBytes += part.remaining();
  }

  private void length(int field, int bytes) {
    tag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    varint(bytes);
  }

  private void tag(int field, int wireType) {
    varint((long) field << MessageReader.TAG | wireType);
  }

  private void varint(long value) {
    room(MOST_VARINT_BYTES);
    long left = value;
    for (; (left & ~0x7FL) != 0; left >>>= 7) {
      open[used++] = (byte) (left | 0x80);
    }
    open[used++] = (byte) left;
  }

  private static int varintBytes(long value) {
    int bits = Long.SIZE - Long.numberOfLeadingZeros(value | 1);
    return (bits + 6) / 7;
  }

  private void room(int bytes) {
    if (open.length - used < bytes) {
      open = Arrays.copyOf(open, Math.max(2 * open.length, Math.addExact(used, bytes)));
    }
  }
}
