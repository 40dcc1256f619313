package dev.glimpse.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a tensor of an ONNX file, {@code TensorProto}, if it holds one number, such as a scale.
 *
 * @param name the tensor's name
 * @param value its number; null if it holds none or several, or is of another type
 */
record OnnxScalar(String name, @Nullable Double value) {

  /** Reads a tensor, whose message has been entered. */
  static OnnxScalar read(OnnxReader in) throws IOException {
    String name = "";
    int type = 0;
    long elements = 1;
    Double typed = null;
    byte[] raw = new byte[0];
    while (in.next()) {
      switch (in.field()) {
        case OnnxProto.TENSOR_DIMS -> {
          for (long dimension : in.integers()) {
            elements *= dimension;
          }
        }
        case OnnxProto.TENSOR_TYPE -> type = in.integer();
        case OnnxProto.TENSOR_FLOATS -> typed = first(in.numbers());
        case OnnxProto.TENSOR_INTEGERS -> typed = first(integers(in));
        case OnnxProto.TENSOR_NAME -> name = in.string();
        case OnnxProto.TENSOR_RAW -> raw = in.bytes(in.length());
        default -> in.skip();
      }
    }
    return new OnnxScalar(name, elements != 1 ? null : typed != null ? typed : number(type, raw));
  }

  /**
   * Returns integers of 32 bits, of which a negative one may be written in five bytes or in ten.
   */
  private static List<Integer> integers(OnnxReader in) throws IOException {
    return in.integers().stream().map(Long::intValue).toList();
  }

  private static @Nullable Double first(List<? extends Number> numbers) {
    return numbers.isEmpty() ? null : Double.valueOf(numbers.get(0).doubleValue());
  }

  private static @Nullable Double number(int type, byte[] raw) {
    if (type == OnnxProto.TYPE_FLOAT && raw.length == Float.BYTES) {
      return (double) ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN).getFloat();
    }
    if (raw.length != 1) {
      return null;
    }
    return switch (type) {
      case OnnxProto.TYPE_UINT8 -> Double.valueOf(raw[0] & 0xFF);
      case OnnxProto.TYPE_INT8 -> Double.valueOf(raw[0]);
      default -> null;
    };
  }
}
