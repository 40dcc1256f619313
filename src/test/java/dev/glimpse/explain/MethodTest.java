package dev.glimpse.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MethodTest {

  @Test
  void everyMethodIsFoundByItsWord() {
    for (Method method : Method.values()) {
      assertThat(Method.of(method.word())).contains(method);
    }
    assertThat(Method.of("guess")).isEmpty();
    assertThat(Method.of("CAM")).isEmpty();
  }

  /** Annotations can only take constants. */
  @Test
  void thePatternAndTheSentenceListTheWords() {
    List<String> words = List.of(Method.values()).stream().map(Method::word).toList();

    assertThat(Method.PATTERN.split("\\|")).containsExactlyElementsOf(words);
    assertThat(Method.WORDS.split(", | or ")).containsExactlyElementsOf(words);
  }
}
