package dev.glimpse;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.glimpse.support.Curl;
import dev.glimpse.support.Documents;
import dev.glimpse.support.EnabledIfExternalData;
import dev.glimpse.support.Fixtures;
import io.quarkus.test.junit.QuarkusIntegrationTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The packaged application as a new user has it: nothing set, the default model. */
@QuarkusIntegrationTest
@TestProfile(FlowersIT.AsItComes.class)
class FlowersIT {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** The test's working folder is not the application's, so the default path is spelt out. */
  public static class AsItComes implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("glimpse.models.path", Path.of("models").toAbsolutePath().toString());
    }
  }

  @Test
  @EnabledIfExternalData("datasets/flowers/val")
  void realPhotosOfFlowers() throws IOException {
    Path photos = Fixtures.asset("datasets/flowers/val");
    int right = 0;
    int asked = 0;
    for (String flower : List.of("daisy", "dandelion", "roses", "sunflowers", "tulips")) {
      List<Path> some;
      try (Stream<Path> files = Files.list(photos.resolve(flower))) {
        some = files.sorted().limit(30).toList();
      }
      for (Path photo : some) {
        String label =
            given()
                .contentType("image/jpeg")
                .body(Fixtures.bytes(photo))
                .post("/predict")
                .then()
                .statusCode(200)
                .extract()
                .path("predictions[0].label");
        asked++;
        right += label.equals(flower) ? 1 : 0;
      }
    }
    System.out.printf("flowers: %d of %d photos right%n", right, asked);
    assertThat((double) right / asked).isGreaterThan(0.82);
  }

  /**
   * Runs every curl of the README and docs/; the answer that stands below it has to be the answer.
   */
  @Test
  void theCommandsOfTheReadme() throws Exception {
    Assumptions.assumeTrue(Curl.isInstalled(), "curl is not installed");
    Fixtures.assumeWebpIsRead(); // one answer names the formats
    Fixtures.assumeHeifIsRead();
    Pattern pair = Pattern.compile("```sh\\n(curl [^`]*)```\\s+```json\\n(.*?)```", Pattern.DOTALL);
    List<MatchResult> commands = pair.matcher(Documents.text()).results().toList();
    assertThat(commands).hasSizeGreaterThanOrEqualTo(3);
    for (MatchResult command : commands) {
      String here = command.group(1).replace("localhost:8080", "localhost:" + RestAssured.port);
      Process curl = new ProcessBuilder("bash", "-c", here).start();
      String answer = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(curl.waitFor()).as(here).isZero();
      assertSame(MAPPER.readTree(answer), MAPPER.readTree(command.group(2)));
    }
  }

  /** Its answer holds scores in words, {@code value:index:label}, of which the value may be off. */
  @Test
  void theCommandOfTheReadmeThatSpeaksV2() throws Exception {
    Assumptions.assumeTrue(Curl.isInstalled(), "curl is not installed");
    Pattern pair =
        Pattern.compile("```sh\\n(printf [^`]*)```\\s+```json\\n(.*?)```", Pattern.DOTALL);
    MatchResult command = pair.matcher(Documents.text()).results().findFirst().orElseThrow();
    String here = command.group(1).replace("localhost:8080", "localhost:" + RestAssured.port);
    Process bash = new ProcessBuilder("bash", "-c", here).start();
    String answer = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor()).as(here).isZero();
    assertThat(MAPPER.readTree(answer.replaceAll("(\\.\\d)\\d*:", "$1:")))
        .isEqualTo(MAPPER.readTree(command.group(2).replaceAll("(\\.\\d)\\d*:", "$1:")));
  }

  /** The same but for ids and times, and for scores to a hundredth. */
  private static void assertSame(JsonNode answer, JsonNode documented) {
    assertThat(scores(answer)).hasSameSizeAs(scores(documented));
    for (int i = 0; i < scores(answer).size(); i++) {
      assertThat(scores(answer).get(i)).isCloseTo(scores(documented).get(i), Offset.offset(0.01));
    }
    List<String> varying = List.of("id", "timing", "score");
    for (JsonNode tree : List.of(answer, documented)) {
      varying.forEach(
          name -> tree.findParents(name).forEach(node -> ((ObjectNode) node).remove(varying)));
    }
    assertThat(answer).isEqualTo(documented);
  }

  private static List<Double> scores(JsonNode tree) {
    return tree.findValues("score").stream().map(JsonNode::asDouble).toList();
  }
}
