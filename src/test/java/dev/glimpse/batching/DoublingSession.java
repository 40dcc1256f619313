package dev.glimpse.batching;

import dev.glimpse.engine.EngineException;
import dev.glimpse.engine.OutputKind;
import dev.glimpse.engine.Runner;
import dev.glimpse.engine.Session;
import dev.glimpse.engine.Tensor;
import dev.glimpse.engine.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Fakes a graph whose images are a number each, whose scores are its double and itself, and whose
 * vectors are the number and the two after it.
 */
final class DoublingSession implements Session {

  /** Makes the graph fail on a batch that contains it. */
  static final float POISON = 666;

  /** Makes the run throw an Error. */
  static final float FATAL = 999;

  private final AtomicInteger lent = new AtomicInteger();

  /** Returns how many runners are lent now. */
  int lent() {
    return lent.get();
  }

  @Override
  public Runner borrow(long... shape) {
    lent.incrementAndGet();
    ByteBuffer input =
        ByteBuffer.allocateDirect((int) shape[0] * Float.BYTES).order(ByteOrder.nativeOrder());
    return new Runner() {
      private float[] vectors = {};

      @Override
      public ByteBuffer input() {
        return input.clear();
      }

      @Override
      public float[] run(int images) {
        float[] scores = new float[2 * images];
        vectors = new float[3 * images];
        for (int i = 0; i < images; i++) {
          float number = input.getFloat(i * Float.BYTES);
          if (number == POISON) {
            throw new EngineException("as ONNX Runtime might");
          }
          if (number == FATAL) {
            throw new StackOverflowError("as ONNX Runtime hardly ever does");
          }
          scores[2 * i] = 2 * number;
          scores[2 * i + 1] = number;
          for (int k = 0; k < 3; k++) {
            vectors[3 * i + k] = number + k;
          }
        }
        return scores;
      }

      @Override
      public float[] vectors() {
        return vectors;
      }

      @Override
      public void close() {
        lent.decrementAndGet();
      }
    };
  }

  @Override
  public List<TensorSpec> inputs() {
    return List.of(input());
  }

  @Override
  public List<TensorSpec> outputs() {
    return List.of(output());
  }

  @Override
  public List<Tensor> run(List<Tensor> tensors, Set<String> outputs) {
    throw new UnsupportedOperationException();
  }

  @Override
  public TensorSpec input() {
    return new TensorSpec("number", "float", List.of(-1L, 1L));
  }

  @Override
  public TensorSpec output() {
    return new TensorSpec("double", "float", List.of(-1L, 2L));
  }

  @Override
  public OutputKind outputKind() {
    return OutputKind.OTHER;
  }

  @Override
  public void close() {}
}
