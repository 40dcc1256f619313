package dev.glimpse.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads the numbers of a constant tensor of an ONNX file, {@code TensorProto}.
 *
 * @param name the tensor's name
 * @param dims its dimensions; none for a single number
 * @param values its numbers, row-major; null if they were not read, or are of a type that no weight
 *     has
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record OnnxConstant(String name, List<Long> dims, float @Nullable [] values) {

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
   * Reads a tensor.
   *
   * @param wanted whether to read the numbers
   */
  static OnnxConstant read(OnnxReader in, Wanted wanted, External files) throws IOException {
    Reading tensor = new Reading();
    int outer = in.enter();
    while (in.next()) {
      tensor.read(in, wanted);
    }
    in.leave(outer);
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

    void read(OnnxReader in, Wanted wanted) throws IOException {
      switch (in.field()) {
        case OnnxProto.TENSOR_DIMS -> dims.addAll(in.integers());
        case OnnxProto.TENSOR_TYPE -> type = in.integer();
        case OnnxProto.TENSOR_FLOATS,
            OnnxProto.TENSOR_INTEGERS,
            OnnxProto.TENSOR_LONGS,
            OnnxProto.TENSOR_DOUBLES ->
            typed(in, wanted);
        case OnnxProto.TENSOR_NAME -> name = in.string();
        case OnnxProto.TENSOR_RAW -> raw = bytes(in, wanted);
        case OnnxProto.TENSOR_EXTERNAL_DATA -> entry(StringEntry.read(in));
        case OnnxProto.TENSOR_LOCATION -> external = in.integer() == OnnxProto.EXTERNAL;
        default -> in.skip();
      }
    }

    /** Reads bytes, unless they are too many, or those of a name that is not wanted. */
    private byte @Nullable [] bytes(OnnxReader in, Wanted wanted) throws IOException {
      int length = in.length();
      if (length <= wanted.most && (name.isEmpty() || wanted.names.test(name))) {
        return in.bytes(length);
      }
      in.skip(length);
      return null;
    }

    /** Reads packed numbers; of others, which no exporter writes today, none. */
    private void typed(OnnxReader in, Wanted wanted) throws IOException {
      if (in.hasLength()) {
        typed = in.field();
        raw = bytes(in, wanted);
      } else {
        in.skip();
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
          : OnnxNumbers.read(raw, typed, type == OnnxProto.TYPE_FLOAT16, wanted.most / Float.BYTES);
    }

    private float @Nullable [] numbers(byte[] bytes, int most) {
      int width =
          switch (type) {
            case OnnxProto.TYPE_DOUBLE, OnnxProto.TYPE_INT64 -> Long.BYTES;
            case OnnxProto.TYPE_FLOAT, OnnxProto.TYPE_INT32 -> Integer.BYTES;
            case OnnxProto.TYPE_FLOAT16 -> Short.BYTES;
            default -> 1;
          };
      int count = bytes.length / width;
      if (count > most / Float.BYTES) {
        return null;
      }
      ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      return switch (type) {
        case OnnxProto.TYPE_FLOAT -> OnnxNumbers.of(count, in::getFloat);
        case OnnxProto.TYPE_DOUBLE -> OnnxNumbers.of(count, () -> (float) in.getDouble());
        case OnnxProto.TYPE_FLOAT16 ->
            OnnxNumbers.of(count, () -> HalfFloat.toFloat(in.getShort()));
        case OnnxProto.TYPE_INT64 -> OnnxNumbers.of(count, in::getLong);
        case OnnxProto.TYPE_INT32 -> OnnxNumbers.of(count, in::getInt);
        case OnnxProto.TYPE_INT8 -> OnnxNumbers.of(count, in::get);
        case OnnxProto.TYPE_UINT8 -> OnnxNumbers.of(count, () -> in.get() & 0xFF);
        default -> null;
      };
    }
  }
}
