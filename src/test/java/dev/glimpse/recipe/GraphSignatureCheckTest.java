package dev.glimpse.recipe;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.repository.ModelFolder;
import java.nio.file.Path;
import java.util.Collections;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GraphSignatureCheckTest {

  private static final ModelFolder FOLDER = new ModelFolder("test", 1, Path.of("test"));
  private static final ClassNames SIX =
      new ClassNames(Collections.nCopies(6, "class"), "config.json", "config.json: id2label");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "float[?,6]",
        "float[1,6]",
        "float[?,?]",
        "float16[?,6]",
        "float16[1,6,1,1]",
        "float[?,1,1,6]",
        "float[?,1,?]",
        "double[?,6]",
      })
  void aScoreForEachClassIsAClassifiers(String output) {
    assertThatCode(() -> GraphSignatureCheck.output(FOLDER, Specs.of(output), false, SIX))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "float[?,6,8,8] | a classifier's is float[batch,classes]; export the model with such an"
            + " output",
        "float[?,6,?,?] | a classifier's is float[batch,classes]; export the model with such an"
            + " output",
        "float[6] | a classifier's is float[batch,classes]; export the model with such an output",
        "int64[?,6] | scores must be float, float16 or double, or integers with a scale; export it"
            + " with one of these types",
        "uint8[?,6] | scores must be float, float16 or double, or integers with a scale; export it"
            + " with one of these types",
        "float[?,5] | the graph has 5 classes and config.json names 6",
        "float[1,1001,1,1] | the graph has 1001 classes and config.json names 6",
      })
  void rejectsAnyOtherOutput(String output, String sentence) {
    assertThatThrownBy(() -> GraphSignatureCheck.output(FOLDER, Specs.of(output), false, SIX))
        .isInstanceOf(UnservableModelException.class)
        .hasMessageContaining(sentence);
  }
}
