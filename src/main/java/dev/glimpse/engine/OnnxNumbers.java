package dev.glimpse.engine;

import com.google.protobuf.CodedInputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads numbers as ONNX files hold them. */
final class OnnxNumbers {

  private OnnxNumbers() {}

  /** Gives the next number of a sequence. */
  interface Next {
    float get();
  }

  static float[] of(int count, Next next) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = next.get();
    }
    return values;
  }

  /**
   * Reads a tensor's packed numbers.
   *
   * @param field the number of their field, such as {@link OnnxProto#TENSOR_FLOATS}
   * @param halves whether integers are the bits of binary16
   * @param most how many are read
   * @return null if there are more
   */
  static float @Nullable [] read(byte[] packed, int field, boolean halves, int most)
      throws IOException {
    int count =
        switch (field) {
          case OnnxProto.TENSOR_FLOATS -> packed.length / Float.BYTES;
          case OnnxProto.TENSOR_INTEGERS, OnnxProto.TENSOR_LONGS -> varints(packed);
          default -> packed.length / Double.BYTES;
        };
    if (count > most) {
      return null;
    }
    CodedInputStream in = CodedInputStream.newInstance(packed);
    float[] read = new float[count];
    for (int i = 0; i < count; i++) {
      read[i] =
          switch (field) {
            case OnnxProto.TENSOR_FLOATS -> in.readFloat();
            case OnnxProto.TENSOR_INTEGERS ->
                halves ? HalfFloat.toFloat((short) in.readInt32()) : in.readInt32();
            case OnnxProto.TENSOR_LONGS -> in.readInt64();
            default -> (float) in.readDouble();
          };
    }
    return read;
  }

  /** Counts the last bytes of numbers, whose first bit is 0. */
  private static int varints(byte[] packed) {
    int count = 0;
    for (byte each : packed) {
      count += each >= 0 ? 1 : 0;
    }
    return count;
  }

  /** Parses a whole number, 0 or more. */
  static long parse(String text) throws IOException {
    try {
      long number = Long.parseLong(text);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new IOException("the place of external weights is not a number", e);
    }
    throw new IOException("the place of external weights is negative");
  }
}
