package dev.glimpse.results;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobFormatTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{\"image\": 1, \"length\": 1}\n",
        "{\"image\": 1, \"length\": 1}\nxy",
        "{\"image\": 1, \"length\": 2147483647}\nx\n",
        "{\"image\": 1, \"length\": -1}\nx\n",
        "{\"image\": 1}\nx\n",
        "{\"length\": 1}\nx\n"
      })
  void answersAreReadUpToOneThatIsNotWhole(String torn) {
    Map<Integer, StoredResponse> answers = new HashMap<>();

    JobFormat.answers(bytes(JobFormat.write(0, Jobs.answer("two\nlines")), torn), answers);

    assertThat(answers).containsOnlyKeys(0);
    assertThat(Jobs.text(answers.get(0))).isEqualTo("two\nlines");
  }

  private static byte[] bytes(byte[] first, String then) {
    return (new String(first, UTF_8) + then).getBytes(UTF_8);
  }
}
