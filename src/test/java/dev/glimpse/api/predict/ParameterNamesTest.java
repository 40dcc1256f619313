package dev.glimpse.api.predict;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParameterNamesTest {

  @ParameterizedTest
  @CsvSource({
    "topk, top_k",
    "topK, top_k",
    "top-k, top_k",
    "TOP_K, top_k",
    "top_n, top_k",
    "top, top_k",
    "Model, model",
    "models, model",
    "model_name, model",
    "versions, version",
    "verison, ''",
    "language, lang",
    "langs, lang"
  })
  void namesThatAreNearlyRight(String name, String known) {
    assertThat(ParameterNames.similar(name).orElse("")).isEqualTo(known);
  }

  @ParameterizedTest
  @ValueSource(strings = {"top_k", "model", "version", "lang", "k", "", "_", "trace", "utm_source"})
  void knownNamesAndOthers(String name) {
    assertThat(ParameterNames.similar(name)).isEmpty();
  }

  @Test
  void longNamesAreNotCompared() {
    assertThat(ParameterNames.similar("model" + "l".repeat(1 << 20))).isEmpty();
  }
}
