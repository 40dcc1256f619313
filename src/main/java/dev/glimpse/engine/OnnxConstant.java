package dev.glimpse.engine;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the numbers of a constant tensor of an ONNX file: {@code TensorProto} in <a
 * href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3">onnx.proto3</a>.
 *
 * @param name the tensor's name
 * @param dims its dimensions; none for a single number
 * @param values its numbers, row-major; null if they were not read, or are of a type that no weight
 *     has
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record OnnxConstant(String name, List<Long> dims, float @Nullable [] values) {

  private static final int FLOAT = 1;
  private static final int UINT8 = 2;
  private static final int INT8 = 3;
  private static final int INT32 = 6;
  private static final int INT64 = 7;
  private static final int FLOAT16 = 10;
  private static final int DOUBLE = 11;
  private static final int EXTERNAL = 1;

  /** Chooses the tensors whose numbers are read. */
  interface Wanted {
    boolean test(String name, int bytes);
  }

  /** Reads numbers from a file of weights beside the graph. */
  interface External {
    byte[] read(String location, long offset, long length) throws IOException;
  }

  /**
   * Reads a tensor up to the stream's current limit.
   *
   * @param wanted whether to read the numbers, by the tensor's name, which comes first, and their
   *     number of bytes
   */
  static OnnxConstant read(CodedInputStream in, Wanted wanted, External files) throws IOException {
    Reading tensor = new Reading();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      tensor.read(in, tag, wanted);
    }
    return new OnnxConstant(tensor.name, List.copyOf(tensor.dims), tensor.values(wanted, files));
  }

  /** Collects the fields of a tensor. */
  private static final class Reading {
    private String name = "";
    private final List<Long> dims = new ArrayList<>();
    private int type;
    private float @Nullable [] typed;
    private byte @Nullable [] raw;
    private boolean external;
    private String location = "";
    private long offset;
    private long length;

    void read(CodedInputStream in, int tag, Wanted wanted) throws IOException {
      boolean packed = WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
      switch (WireFormat.getTagFieldNumber(tag)) {
        case 1 -> dims.addAll(OnnxNumbers.integers(in, packed));
        case 2 -> type = in.readInt32();
        case 4, 5, 7, 10 -> typed = numbers(in, tag, packed);
        case 8 -> name = in.readString();
        case 9 -> raw(in, wanted);
        case 13 -> entry(in);
        case 14 -> external = in.readEnum() == EXTERNAL;
        default -> in.skipField(tag);
      }
    }

    private void raw(CodedInputStream in, Wanted wanted) throws IOException {
      int bytes = in.readRawVarint32();
      if (wanted.test(name, bytes)) {
        raw = in.readRawBytes(bytes);
      } else {
        in.skipRawBytes(bytes);
      }
    }

    /** Reads packed numbers; of others, which no exporter writes today, none. */
    private float @Nullable [] numbers(CodedInputStream in, int tag, boolean packed)
        throws IOException {
      if (!packed) {
        in.skipField(tag);
        return null;
      }
      int limit = in.pushLimit(in.readRawVarint32());
      float[] read = OnnxNumbers.read(in, WireFormat.getTagFieldNumber(tag), type == FLOAT16);
      in.popLimit(limit);
      return read;
    }

    private void entry(CodedInputStream in) throws IOException {
      int limit = in.pushLimit(in.readRawVarint32());
      String key = "";
      String value = "";
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        switch (WireFormat.getTagFieldNumber(tag)) {
          case 1 -> key = in.readString();
          case 2 -> value = in.readString();
          default -> in.skipField(tag);
        }
      }
      in.popLimit(limit);
      switch (key) {
        case "location" -> location = value;
        case "offset" -> offset = OnnxNumbers.parse(value);
        case "length" -> length = OnnxNumbers.parse(value);
        default -> {} // a checksum
      }
    }

    private float @Nullable [] values(Wanted wanted, External files) throws IOException {
      if (typed != null) {
        return typed;
      }
      if (external) {
        return length > 0 && wanted.test(name, (int) Math.min(length, Integer.MAX_VALUE))
            ? numbers(files.read(location, offset, length))
            : null;
      }
      return raw == null ? null : numbers(raw);
    }

    private float @Nullable [] numbers(byte[] bytes) {
      ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      return switch (type) {
        case FLOAT -> OnnxNumbers.of(bytes.length / Float.BYTES, in::getFloat);
        case DOUBLE -> OnnxNumbers.of(bytes.length / Double.BYTES, () -> (float) in.getDouble());
        case FLOAT16 ->
            OnnxNumbers.of(bytes.length / Short.BYTES, () -> OnnxNumbers.half(in.getShort()));
        case INT64 -> OnnxNumbers.of(bytes.length / Long.BYTES, in::getLong);
        case INT32 -> OnnxNumbers.of(bytes.length / Integer.BYTES, in::getInt);
        case INT8 -> OnnxNumbers.of(bytes.length, in::get);
        case UINT8 -> OnnxNumbers.of(bytes.length, () -> in.get() & 0xFF);
        default -> null;
      };
    }
  }
}
