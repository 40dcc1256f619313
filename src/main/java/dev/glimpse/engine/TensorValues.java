package dev.glimpse.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** Reads tensors of numbers as floats. */
public final class TensorValues {

  private TensorValues() {}

  /**
   * Returns a tensor's numbers, row-major.
   *
   * @param tensor of floats of any size, or of 8-bit integers
   * @param integers what the integers stand for; empty: themselves
   * @throws EngineException if its elements are of another type
   * @throws NotFiniteException if one is NaN or infinity
   */
  public static float[] of(Tensor tensor, Optional<Dequantization> integers) {
    ByteBuffer in = tensor.data().duplicate().order(ByteOrder.LITTLE_ENDIAN);
    int count = in.remaining() / tensor.spec().elementBytes();
    Dequantization meaning = integers.orElse(new Dequantization(1, 0));
    float[] values =
        switch (tensor.spec().type()) {
          case "float" -> OnnxNumbers.of(count, in::getFloat);
          case "double" -> OnnxNumbers.of(count, () -> (float) in.getDouble());
          case "float16" -> OnnxNumbers.of(count, () -> HalfFloat.toFloat(in.getShort()));
          case "uint8" -> OnnxNumbers.of(count, () -> meaning.apply(in.get() & 0xFF));
          case "int8" -> OnnxNumbers.of(count, () -> meaning.apply(in.get()));
          default -> throw new EngineException("%s holds no numbers.".formatted(tensor.spec()));
        };
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw new NotFiniteException();
      }
    }
    return values;
  }
}
