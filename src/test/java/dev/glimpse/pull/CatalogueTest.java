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

/** What the catalogue says is so, as far as it can be known here. */
class CatalogueTest {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static final Pattern PATH = Pattern.compile(".*/(validated/.*/([^/]+)\\.onnx)");

  /** Of the zoo's files, by their pointers in its repository. */
  private static final Pattern ROW =
      Pattern.compile("\\| (validated/\\S+) \\| (\\d+) \\| `([0-9a-f]{64})` \\|");

  static Stream<PullRequest> orders() {
    Catalogue catalogue = Catalogue.own();
    return catalogue.names().stream().map(name -> catalogue.find(name).orElseThrow());
  }

  private static RemoteFile graph(PullRequest order) {
    return order.files().stream()
        .filter(file -> file.path().equals("model.onnx"))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("orders")
  void nothingIsLeftOut(PullRequest order) {
    assertThat(order.written()).containsOnlyKeys("preprocessor_config.json");
    assertThat(order.files()).extracting("path").containsExactly("labels.txt", "model.onnx");
    assertThat(order.files())
        .allSatisfy(file -> assertThat(file.address().getScheme()).isEqualTo("https"))
        .allSatisfy(file -> assertThat(file.size()).isPresent())
        .allSatisfy(file -> assertThat(file.sha256()).isPresent())
        .allSatisfy(file -> assertThat(file.licence()).isPresent());
  }

  @ParameterizedTest
  @MethodSource("orders")
  void aModelIsCalledAsItsFile(PullRequest order) {
    Matcher path = PATH.matcher(graph(order).address().getPath());
    assertThat(path.matches()).isTrue();
    assertThat(path.group(2)).isEqualTo(order.name());
    assertThat(path.group(1)).startsWith(order.source().replaceFirst(".*/tree/main/", "") + "/");
  }

  @Test
  @EnabledIfExternalData("PROVENANCE.md")
  void sizesAndChecksumsAreTheZoos() throws Exception {
    Map<String, String> zoo = new TreeMap<>();
    ROW.matcher(Files.readString(Fixtures.asset("PROVENANCE.md")))
        .results()
        .forEach(row -> zoo.put(row.group(1), row.group(2) + " " + row.group(3)));
    assertThat(zoo).isNotEmpty();

    assertThat(orders())
        .allSatisfy(order -> {
          RemoteFile graph = graph(order);
          Matcher path = PATH.matcher(graph.address().getPath());
          assertThat(path.matches()).isTrue();
          assertThat(zoo.get(path.group(1)))
              .isEqualTo(graph.size().getAsLong() + " " + graph.sha256().orElseThrow());
        });
  }

  @Test
  void imagesArePreparedAsForSqueezeNet() throws Exception {
    assertSamePreparation(Fixtures.RANDOM_MODELS.resolve("squeezenet"));
  }

  /** The same network and preparation as a model whose answers are known. */
  @Test
  @EnabledIfExternalData("models/squeezenet-1.1")
  void imagesArePreparedAsForTheRealSqueezeNet() throws Exception {
    assertSamePreparation(Fixtures.asset("models/squeezenet-1.1"));
  }

  private static void assertSamePreparation(Path model) throws Exception {
    JsonNode known = MAPPER.readTree(Files.readString(model.resolve("preprocessor_config.json")));
    PullRequest order = Catalogue.own().find("squeezenet1.1-7").orElseThrow();
    assertThat(MAPPER.readTree(order.written().get("preprocessor_config.json"))).isEqualTo(known);
  }
}
