package dev.glimpse.api.openinference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.engine.Tensor;
import dev.glimpse.engine.TensorSpec;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InferAnswerTest {

  /** Or its reader would look for the elements in the JSON. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anOutputOfNoElementsIsInBinaryToo(boolean binary) {
    Tensor nothing =
        new Tensor(new TensorSpec("boxes", "float", List.of(0L, 4L)), ByteBuffer.allocate(0));
    InferRequest request = new InferRequest(Optional.empty(), List.of(), List.of(), binary);
    InferAnswer answer =
        InferAnswer.of(
            request, DeclaredModels.ofTensors(), List.of(new InferOutput(nothing, binary)));
    assertThat(answer.hasBinary()).isEqualTo(binary);
    assertThat(answer.body()).hasSize(answer.jsonBytes());
  }
}
