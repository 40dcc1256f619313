package dev.glimpse.pull;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.glimpse.support.EnabledIfExternalData;
import dev.glimpse.support.Fixtures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks the built-in catalogue, as far as that is possible without a network. */
class CatalogueTest {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static final Pattern PATH = Pattern.compile(".*/(validated/.*/([^/]+)\\.onnx)");

  /** From the Git LFS pointers in the model zoo's repository. */
  private static final Pattern ROW =
      Pattern.compile("\\| (validated/\\S+) \\| (\\d+) \\| `([0-9a-f]{64})` \\|");

  static Stream<PullRequest> orders() {
    Catalogue catalogue = Catalogue.builtIn();
    return catalogue.names().stream().map(name -> catalogue.find(name).orElseThrow());
  }

  private static RemoteFile graph(PullRequest pullRequest) {
    return pullRequest.files().stream()
        .filter(file -> file.path().equals("model.onnx"))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("orders")
  void everyEntryIsComplete(PullRequest pullRequest) {
    assertThat(pullRequest.contents()).containsOnlyKeys("preprocessor_config.json");
    assertThat(pullRequest.files()).extracting("path").containsExactly("labels.txt", "model.onnx");
    assertThat(pullRequest.files())
        .allSatisfy(file -> assertThat(file.address().getScheme()).isEqualTo("https"))
        .allSatisfy(file -> assertThat(file.size()).isPresent())
        .allSatisfy(file -> assertThat(file.sha256()).isPresent())
        .allSatisfy(file -> assertThat(file.licence()).isPresent());
  }

  @ParameterizedTest
  @MethodSource("orders")
  void modelsAreNamedAfterTheirFiles(PullRequest pullRequest) {
    Matcher path = PATH.matcher(graph(pullRequest).address().getPath());
    assertThat(path.matches()).isTrue();
    assertThat(path.group(2)).isEqualTo(pullRequest.name());
    assertThat(path.group(1))
        .startsWith(pullRequest.source().replaceFirst(".*/tree/main/", "") + "/");
  }

  @Test
  @EnabledIfExternalData("PROVENANCE.md")
  void sizesAndChecksumsMatchTheZoo() throws Exception {
    Map<String, String> zoo = new TreeMap<>();
    ROW.matcher(Files.readString(Fixtures.asset("PROVENANCE.md")))
        .results()
        .forEach(row -> zoo.put(row.group(1), row.group(2) + " " + row.group(3)));
    assertThat(zoo).isNotEmpty();

    assertThat(orders())
        .allSatisfy(pullRequest -> {
          RemoteFile graph = graph(pullRequest);
          Matcher path = PATH.matcher(graph.address().getPath());
          assertThat(path.matches()).isTrue();
          assertThat(zoo.get(path.group(1)))
              .isEqualTo(graph.size().getAsLong() + " " + graph.sha256().orElseThrow());
        });
  }

  @Test
  void preprocessingMatchesSqueezeNet() throws Exception {
    assertSamePreprocessing(Fixtures.RANDOM_MODELS.resolve("squeezenet"));
  }

  /** The same network and preprocessing as a model whose golden results are stored. */
  @Test
  @EnabledIfExternalData("models/squeezenet-1.1")
  void preprocessingMatchesTheFullSqueezeNet() throws Exception {
    assertSamePreprocessing(Fixtures.asset("models/squeezenet-1.1"));
  }

  private static void assertSamePreprocessing(Path model) throws Exception {
    JsonNode known = MAPPER.readTree(Files.readString(model.resolve("preprocessor_config.json")));
    PullRequest pullRequest = Catalogue.builtIn().find("squeezenet1.1-7").orElseThrow();
    assertThat(MAPPER.readTree(pullRequest.contents().get("preprocessor_config.json")))
        .isEqualTo(known);
  }
}
