package dev.glimpse.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.glimpse.engine.Tensor;
import dev.glimpse.engine.TensorSpec;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

class VectorsTest {

  private static Tensor tensor(Long... shape) {
    int count = List.of(shape).stream().reduce(1L, Math::multiplyExact).intValue();
    ByteBuffer data = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.nativeOrder());
    for (int i = 0; i < count; i++) {
      data.putFloat(i);
    }
    return new Tensor(new TensorSpec("features", "float", List.of(shape)), data.flip());
  }

  @Test
  void aMapIsItsMean() {
    assertThat(Vectors.of(tensor(1L, 2L, 1L, 2L))).containsExactly(0.5f, 2.5f);
    assertThat(Vectors.of(tensor(1L, 1L, 1L, 3L))).containsExactly(0, 1, 2);
  }

  /** As a layer behind a sequence of tokens has them; which of them is the image's is not known. */
  @Test
  void whatIsOfAnotherRankIsAFaultOfTheModel() {
    ServingException e =
        catchThrowableOfType(ServingException.class, () -> Vectors.of(tensor(1L, 1L, 3L)));

    assertThat(e.failure()).isEqualTo(Failure.INVALID_PARAMETER);
    assertThat(e.parameter()).contains("model");
    assertThat(e.detail()).startsWith("makes no vectors").contains("1");
  }
}
