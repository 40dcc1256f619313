package dev.glimpse.engine;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Reads a tensor of an ONNX file if it holds one number, such as a scale. Field numbers and types
 * are those of {@code TensorProto} in <a
 * href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3">onnx.proto3</a>.
 *
 * @param name the tensor's name
 * @param value its number; null if it holds none or several, or is of another type
 */
record OnnxScalar(String name, @Nullable Double value) {

  private static final int FLOAT = 1;
  private static final int UINT8 = 2;
  private static final int INT8 = 3;

  /** Reads a tensor up to the stream's current limit. */
  static OnnxScalar read(CodedInputStream in) throws IOException {
    String name = "";
    int type = 0;
    long elements = 1;
    Double typed = null;
    byte[] raw = new byte[0];
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      boolean packed = WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
      switch (WireFormat.getTagFieldNumber(tag)) {
        case 1 -> elements = packed ? dimensions(in, elements) : elements * in.readInt64();
        case 2 -> type = in.readInt32();
        case 4 -> typed = packed ? firstFloat(in) : Double.valueOf(in.readFloat());
        case 5 -> typed = packed ? firstInt(in) : Double.valueOf(in.readInt32());
        case 8 -> name = in.readString();
        case 9 -> raw = in.readByteArray();
        default -> in.skipField(tag);
      }
    }
    return new OnnxScalar(name, elements != 1 ? null : typed != null ? typed : number(type, raw));
  }

  private static @Nullable Double number(int type, byte[] raw) {
    if (type == FLOAT && raw.length == Float.BYTES) {
      return (double) ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN).getFloat();
    }
    if (raw.length != 1) {
      return null;
    }
    return switch (type) {
      case UINT8 -> Double.valueOf(raw[0] & 0xFF);
      case INT8 -> Double.valueOf(raw[0]);
      default -> null;
    };
  }

  private static long dimensions(CodedInputStream in, long product) throws IOException {
    long all = product;
    int limit = in.pushLimit(in.readRawVarint32());
    while (!in.isAtEnd()) {
      all *= in.readInt64();
    }
    in.popLimit(limit);
    return all;
  }

  private static @Nullable Double firstFloat(CodedInputStream in) throws IOException {
    Double first = null;
    int limit = in.pushLimit(in.readRawVarint32());
    while (!in.isAtEnd()) {
      double read = in.readFloat();
      first = first == null ? Double.valueOf(read) : first;
    }
    in.popLimit(limit);
    return first;
  }

  private static @Nullable Double firstInt(CodedInputStream in) throws IOException {
    Double first = null;
    int limit = in.pushLimit(in.readRawVarint32());
    while (!in.isAtEnd()) {
      double read = in.readInt32();
      first = first == null ? Double.valueOf(read) : first;
    }
    in.popLimit(limit);
    return first;
  }
}
