package dev.glimpse.api.openinference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.glimpse.api.openinference.InferRequest.Input;
import dev.glimpse.api.openinference.InferRequest.Requested;
import dev.glimpse.engine.Tensor;
import dev.glimpse.engine.TensorSpec;
import dev.glimpse.failure.ServingException;
import dev.glimpse.model.Model;
import dev.glimpse.pipeline.TensorRequest;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A graph may give what the protocol has no word for. */
class ServableOutputsTest {

  private static final TensorSpec INPUT = new TensorSpec("in", "float", List.of(1L));
  private static final TensorSpec SCORES = new TensorSpec("scores", "float", List.of(1L));
  private static final TensorSpec SMALL = new TensorSpec("small", "float8e4m3fn", List.of(1L));

  @Test
  void whatCannotBeToldIsLeftOut() {
    assertThat(wanted(List.of(), SCORES, SMALL)).containsExactly("scores");
    assertThat(wanted(List.of("scores"), SCORES, SMALL)).containsExactly("scores");
    assertThat(wanted(List.of(), SCORES)).isEmpty();
  }

  @Test
  void whoAsksForItHearsWhy() {
    assertThatExceptionOfType(ServingException.class)
        .isThrownBy(() -> wanted(List.of("small"), SCORES, SMALL))
        .withMessageContaining("small float8e4m3fn[1]");
    assertThatExceptionOfType(ServingException.class)
        .isThrownBy(() -> wanted(List.of(), SMALL))
        .withMessageContaining("small float8e4m3fn[1]");
  }

  private static List<String> wanted(List<String> names, TensorSpec... outputs) {
    Model model = DeclaredModels.ofTensors(List.of(INPUT), List.of(outputs));
    Tensor tensor = new Tensor(INPUT, ByteBuffer.allocate(4));
    List<Requested> requested = names.stream().map(name -> new Requested(name, false, 0)).toList();
    InferCall<InferAnswer> call =
        new InferCall<>(
            "any",
            Optional.empty(),
            found ->
                new InferRequest(
                    Optional.empty(), List.of(new Input(tensor, false)), requested, false),
            InferAnswer::of);
    TensorRequest<InferRequest> request = call.parse(model);
    assertThat(request.inputs()).containsExactly(tensor);
    return request.outputs();
  }
}
