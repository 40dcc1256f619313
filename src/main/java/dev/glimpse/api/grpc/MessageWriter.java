package dev.glimpse.api.grpc;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import dev.glimpse.api.http.GrpcExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes a message in <a href="https://protobuf.dev/programming-guides/encoding/">protobuf</a>,
 * field by field. As in proto3, a field with its default value is left out. For one thread.
 */
public final class MessageWriter {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final CodedOutputStream out = CodedOutputStream.newInstance(bytes, 512);

  /** Writes to memory, where nothing can fail. */
  @FunctionalInterface
  private interface Writing {
    void run() throws IOException;
  }

  private MessageWriter write(Writing writing) {
    try {
      writing.run();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

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
    return write(() -> {
      if (value) {
        out.writeBool(field, true);
      }
    });
  }

  /** Writes an integer of any size, or the number of an enum's constant. */
  public MessageWriter number(int field, long value) {
    return write(() -> {
      if (value != 0) {
        out.writeUInt64(field, value);
      }
    });
  }

  /** Writes several integers, packed. */
  public MessageWriter numbers(int field, List<Long> values) {
    return write(() -> {
      if (!values.isEmpty()) {
        out.writeTag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        out.writeUInt32NoTag(
            values.stream().mapToInt(CodedOutputStream::computeUInt64SizeNoTag).sum());
        for (long value : values) {
          out.writeUInt64NoTag(value);
        }
      }
    });
  }

  /** Writes a message, even an empty one. */
  public MessageWriter message(int field, MessageWriter value) {
    return element(field, value.toBytes());
  }

  /** Writes bytes, even if there are none: an element of several, a message, or packed numbers. */
  public MessageWriter element(int field, byte[] value) {
    return write(() -> out.writeByteArray(field, value));
  }

  /** Returns the message. */
  public byte[] toBytes() {
    write(out::flush);
    return bytes.toByteArray();
  }

  /** Returns the message with its prefix, as gRPC sends it. */
  public byte[] framed() {
    return framed(0, List.of());
  }

  /**
   * Returns the message with its prefix, and more elements at its end, which are copied once.
   *
   * @param elements each from its position to its limit
   */
  public byte[] framed(int field, List<ByteBuffer> elements) {
    byte[] head = toBytes();
    int length = head.length;
    for (ByteBuffer element : elements) {
      int own = element.remaining();
      length =
          Math.addExact(
              length,
              CodedOutputStream.computeTagSize(field)
                  + CodedOutputStream.computeUInt32SizeNoTag(own)
                  + own);
    }
    byte[] framed = new byte[GrpcExchange.PREFIX_BYTES + length];
    ByteBuffer.wrap(framed).put((byte) 0).putInt(length).put(head);
    int from = GrpcExchange.PREFIX_BYTES + head.length;
    CodedOutputStream end = CodedOutputStream.newInstance(framed, from, framed.length - from);
    write(() -> {
      for (ByteBuffer element : elements) {
        end.writeTag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        end.writeUInt32NoTag(element.remaining());
        end.writeLazy(element.duplicate());
      }
    });
    return framed;
  }
}
