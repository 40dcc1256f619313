package dev.glimpse.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.engine.OutputKind;
import dev.glimpse.engine.TensorSpec;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutputActivationTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "score | OTHER | false | 0.2, 0.9 | NONE | false | graph: one class, and its scores are within 0 and 1",
        "score | OTHER | false | 0, 1 | NONE | false | graph: one class, and its scores are within 0 and 1",
        "score | OTHER | false | 0.2, 1.1 | SIGMOID | false | graph: one class, and its scores are not within 0 and 1",
        "score | OTHER | false | -3, -2 | SIGMOID | false | graph: one class, and its scores are not within 0 and 1",
        "logits | OTHER | false | 0.2, 0.9 | SIGMOID | false | graph: one class, and an output called logits",
        "score | OTHER | true | 0.2, 0.9 | SIGMOID | false | config.json: problem_type",
        "logits | SIGMOID | false | 0.2, 0.9 | NONE | false | graph: its sigmoid node",
        "score | OTHER | false | 2;-3, 2;1 | SOFTMAX | true | graph: its scores are not probabilities",
        "score | OTHER | false | 0.2;0.8, 1;0 | NONE | true | graph: its scores are probabilities",
        "score | OTHER | true | 0.2;0.8, 1;0 | NONE | false | graph: its scores are probabilities",
        "score | SOFTMAX | false | 0.2;0.8, 1;0 | NONE | true | graph: its softmax node",
        "score | SOFTMAX | true | 0.2;0.8, 1;0 | NONE | false | graph: its softmax node",
        "score | SIGMOID | false | 0.2;0.9, 1;1 | NONE | false | graph: its sigmoid node",
      })
  void theAnswersSayWhatTheyAre(
      String name,
      OutputKind kind,
      boolean multiLabel,
      String answers,
      String activation,
      boolean exclusive,
      String origin) {
    List<float[]> runs =
        Arrays.stream(answers.split(", ")).map(OutputActivationTest::scores).toList();
    TensorSpec output = new TensorSpec(name, "float", List.of(-1L, (long) runs.get(0).length));

    OutputActivation check = OutputActivation.of(output, kind, multiLabel, runs);
    assertThat(check.activation()).hasToString(activation);
    assertThat(check.exclusive()).isEqualTo(exclusive);
    assertThat(check.forClasses(2, 1).exclusive()).as("of p and 1 - p").isTrue();
    assertThat(check.origin()).isEqualTo(origin);
  }

  private static float[] scores(String text) {
    String[] numbers = text.split(";");
    float[] scores = new float[numbers.length];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = Float.parseFloat(numbers[i]);
    }
    return scores;
  }
}
