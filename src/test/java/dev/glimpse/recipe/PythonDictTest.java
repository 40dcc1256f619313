package dev.glimpse.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PythonDictTest {

  @Test
  void namesAsPythonWritesThem() {
    assertThat(
            PythonDict.read(
                "{0: 'tench', 1: \"jack-o'-lantern\", 2: 'a, b: {c}', 10: 'it\\'s \"'}"))
        .hasValueSatisfying(names ->
            assertThat(names.values())
                .containsExactly("tench", "jack-o'-lantern", "a, b: {c}", "it's \""));
    assertThat(PythonDict.read("{0: '\\xe9t\\u00e9 \\\\'}"))
        .hasValueSatisfying(names -> assertThat(names.get(0)).isEqualTo("été \\"));
    assertThat(PythonDict.read("{}")).hasValueSatisfying(names -> assertThat(names).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{", "{0: tench}", "['a', 'b']", "{0: 'a' 1: 'b'}", "{'a': 0}", "{0: 'a}"})
  void anythingElseIsNone(String text) {
    assertThat(PythonDict.read(text)).isEmpty();
  }
}
