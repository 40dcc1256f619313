package dev.glimpse.engine;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads an ONNX file field by field: messages in protobuf, whose fields {@link OnnxProto} numbers.
 * The value of each field has to be read, once, or skipped. For one thread; each method throws an
 * {@link IOException} if the file cannot be read, and an {@link
 * com.google.protobuf.InvalidProtocolBufferException} if it is not protobuf.
 */
final class OnnxReader implements AutoCloseable {

  private final InputStream file;
  private final CodedInputStream in;
  private int tag;

  private OnnxReader(InputStream file) {
    this.file = file;
    this.in = CodedInputStream.newInstance(file);
  }

  /** Opens a file, at the first field of its model. */
  static OnnxReader open(Path file) throws IOException {
    return of(Files.newInputStream(file));
  }

  /**
   * Reads a stream, which closing this closes. It has to be a stream: for a buffer, protobuf uses
   * Unsafe, which does not work in a native executable.
   */
  static OnnxReader of(InputStream file) {
    return new OnnxReader(file);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  /** Goes to the next field; returns false at the end of the message. */
  boolean next() throws IOException {
    tag = in.readTag();
    return tag != 0;
  }

  /** Returns the field's number. */
  int field() {
    return WireFormat.getTagFieldNumber(tag);
  }

  /** Returns whether the field has a length: a message, a text, bytes, or packed numbers. */
  boolean hasLength() {
    return WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
  }

  /** Skips the field's value. */
  void skip() throws IOException {
    in.skipField(tag);
  }

  /**
   * Enters the message that is the field's value: its fields are the next ones.
   *
   * @return what {@link #leave} needs at its end
   */
  int enter() throws IOException {
    return enter(length());
  }

  /** Enters a message whose length has been read. */
  int enter(int length) throws IOException {
    return in.pushLimit(length);
  }

  /** Goes on behind a message that has been read to its end. */
  void leave(int outer) {
    in.popLimit(outer);
  }

  /** Reads the length of a value, in bytes; what follows is its value. */
  int length() throws IOException {
    return in.readRawVarint32();
  }

  /** Reads a value whose length has been read. */
  byte[] bytes(int length) throws IOException {
    return in.readRawBytes(length);
  }

  /** Skips a value whose length has been read. */
  void skip(int length) throws IOException {
    in.skipRawBytes(length);
  }

  /** Reads a text. */
  String string() throws IOException {
    return in.readString();
  }

  /** Reads a whole number of 32 bits, or the number of an enum's value. */
  int integer() throws IOException {
    return in.readInt32();
  }

  /** Reads a number. */
  float number() throws IOException {
    return in.readFloat();
  }

  /** Reads whole numbers, packed or one. */
  List<Long> integers() throws IOException {
    if (!hasLength()) {
      return List.of(in.readInt64());
    }
    List<Long> read = new ArrayList<>();
    int outer = enter();
    while (!in.isAtEnd()) {
      read.add(in.readInt64());
    }
    leave(outer);
    return read;
  }

  /** Reads numbers, packed or one. */
  List<Float> numbers() throws IOException {
    if (!hasLength()) {
      return List.of(in.readFloat());
    }
    List<Float> read = new ArrayList<>();
    int outer = enter();
    while (!in.isAtEnd()) {
      read.add(in.readFloat());
    }
    leave(outer);
    return read;
  }
}
