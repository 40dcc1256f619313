package dev.glimpse.support;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Writes ONNX's protobuf messages field by field. */
public final class OnnxBytes {

  private static final int EXTERNAL = 1;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** Returns a model with a version and a graph. */
  public static byte[] model(OnnxBytes graph) {
    return new OnnxBytes().number(1, 8).message(7, graph).bytes();
  }

  /** Returns a model with some bytes that are not read. */
  public static byte[] model(byte[] words) {
    return new OnnxBytes().number(1, 8).bytes(6, words).bytes();
  }

  /** Returns a tensor whose numbers are in another file. */
  public static OnnxBytes external(String location) {
    return external(location, 0, Float.BYTES);
  }

  /** Returns a tensor whose numbers are a part of another file, in bytes. */
  static OnnxBytes external(String location, long offset, long length) {
    return new OnnxBytes()
        .message(13, entry("offset", Long.toString(offset)))
        .message(13, entry("location", location))
        .message(13, entry("length", Long.toString(length)))
        .number(14, EXTERNAL);
  }

  private static OnnxBytes entry(String key, String value) {
    return new OnnxBytes().text(1, key).text(2, value);
  }

  public OnnxBytes message(int field, OnnxBytes message) {
    return bytes(field, message.bytes());
  }

  public OnnxBytes text(int field, String text) {
    return write(out -> out.writeString(field, text));
  }

  public OnnxBytes number(int field, int number) {
    return write(out -> out.writeInt32(field, number));
  }

  public OnnxBytes bytes(int field, byte[] value) {
    return write(out -> out.writeByteArray(field, value));
  }

  /** Appends another message's fields. */
  public OnnxBytes append(OnnxBytes fields) {
    bytes.writeBytes(fields.bytes());
    return this;
  }

  public byte[] bytes() {
    return bytes.toByteArray();
  }

  private interface Field {
    void write(CodedOutputStream out) throws IOException;
  }

  private OnnxBytes write(Field field) {
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      field.write(out);
      out.flush();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
