package dev.glimpse.engine;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
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

  /**
   * Chooses the tensors whose numbers are read.
   *
   * @param names those of the tensors
   * @param most bytes in the file, and of the numbers on the heap
   */
  record Wanted(Predicate<String> names, int most) {}

  /** Reads numbers from a file of weights beside the graph. */
  interface External {
    byte[] read(String location, long offset, long length) throws IOException;
  }

  /**
   * Reads a tensor up to the stream's current limit.
   *
   * @param wanted whether to read the numbers
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
    private int typed;
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
        case 4, 5, 7, 10 -> typed(in, tag, packed, wanted);
        case 8 -> name = in.readString();
        case 9 -> raw = bytes(in, wanted);
        case 13 -> entry(StringEntry.read(in));
        case 14 -> external = in.readEnum() == EXTERNAL;
        default -> in.skipField(tag);
      }
    }

    /** Reads bytes, unless they are too many, or those of a name that is not wanted. */
    private byte @Nullable [] bytes(CodedInputStream in, Wanted wanted) throws IOException {
      int length = in.readRawVarint32();
      if (length <= wanted.most && (name.isEmpty() || wanted.names.test(name))) {
        return in.readRawBytes(length);
      }
      in.skipRawBytes(length);
      return null;
    }

    /** Reads packed numbers; of others, which no exporter writes today, none. */
    private void typed(CodedInputStream in, int tag, boolean packed, Wanted wanted)
        throws IOException {
      if (packed) {
        typed = WireFormat.getTagFieldNumber(tag);
        raw = bytes(in, wanted);
      } else {
        in.skipField(tag);
      }
    }

    private void entry(StringEntry entry) throws IOException {
      switch (entry.key()) {
        case "location" -> location = entry.value();
        case "offset" -> offset = OnnxNumbers.parse(entry.value());
        case "length" -> length = OnnxNumbers.parse(entry.value());
        default -> {} // a checksum
      }
    }

    private float @Nullable [] values(Wanted wanted, External files) throws IOException {
      if (!wanted.names.test(name)) {
        return null;
      }
      if (external) {
        return length > 0 && length <= wanted.most
            ? numbers(files.read(location, offset, length), wanted.most)
            : null;
      }
      if (raw == null) {
        return null;
      }
      return typed == 0
          ? numbers(raw, wanted.most)
          : OnnxNumbers.read(raw, typed, type == FLOAT16, wanted.most / Float.BYTES);
    }

    private float @Nullable [] numbers(byte[] bytes, int most) {
      int width =
          switch (type) {
            case DOUBLE, INT64 -> Long.BYTES;
            case FLOAT, INT32 -> Integer.BYTES;
            case FLOAT16 -> Short.BYTES;
            default -> 1;
          };
      int count = bytes.length / width;
      if (count > most / Float.BYTES) {
        return null;
      }
      ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      return switch (type) {
        case FLOAT -> OnnxNumbers.of(count, in::getFloat);
        case DOUBLE -> OnnxNumbers.of(count, () -> (float) in.getDouble());
        case FLOAT16 -> OnnxNumbers.of(count, () -> HalfFloat.toFloat(in.getShort()));
        case INT64 -> OnnxNumbers.of(count, in::getLong);
        case INT32 -> OnnxNumbers.of(count, in::getInt);
        case INT8 -> OnnxNumbers.of(count, in::get);
        case UINT8 -> OnnxNumbers.of(count, () -> in.get() & 0xFF);
        default -> null;
      };
    }
  }
}
