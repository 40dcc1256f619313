package dev.glimpse.api.openinference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.glimpse.engine.Tensor;
import dev.glimpse.engine.TensorSpec;
import dev.glimpse.failure.ServingException;
import dev.glimpse.model.Model;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class RawBodyTest {

  @Test
  void aTextIsOneElementWithoutItsLength() {
    InferRequest request = RawBody.read(new byte[] {'h', 'i'}, model("string", -1L, 1L));

    Tensor tensor = request.inputs().get(0).tensor();
    assertThat(tensor.spec().shape()).containsExactly(1L, 1L);
    assertThat(tensor.strings())
        .extracting(text -> new String(text, StandardCharsets.UTF_8))
        .containsExactly("hi");
    assertThat(request.binary()).isTrue();
  }

  @Test
  void theOpenDimensionIsWhatTheBytesMakeOfIt() {
    assertThat(shape(24, model("float", -1L, 2L))).containsExactly(3L, 2L);
    assertThat(shape(24, model("int16", 3L, -1L, 2L))).containsExactly(3L, 2L, 2L);
    assertThat(shape(24, model("float", 3L, 2L))).containsExactly(3L, 2L);
    assertThat(shape(4, model("float"))).isEmpty();
  }

  @Test
  void twoOpenDimensionsAreNotGuessed() {
    assertThatExceptionOfType(ServingException.class)
        .isThrownBy(() -> shape(24, model("float", -1L, -1L)))
        .withMessageContaining("more than one dimension is dynamic");
    assertThatExceptionOfType(ServingException.class)
        .isThrownBy(() -> shape(48, model("float", 3L, 2L)))
        .withMessageContaining("48 bytes");
  }

  private static List<Long> shape(int bytes, Model model) {
    return RawBody.read(new byte[bytes], model).inputs().get(0).tensor().spec().shape();
  }

  private static Model model(String type, Long... shape) {
    return DeclaredModels.ofTensors(List.of(new TensorSpec("in", type, List.of(shape))), List.of());
  }
}
