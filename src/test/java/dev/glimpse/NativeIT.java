package dev.glimpse;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.glimpse.support.EnabledIfExternalData;
import dev.glimpse.support.Fixtures;
import dev.glimpse.support.Service;
import dev.glimpse.support.Twins;
import dev.glimpse.support.Twins.Answers;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The native executable answers as the JVM does: both are started and asked the same. Skipped where
 * a jar was packaged. The other tests of {@code verify} ask whichever was packaged, so that on the
 * executable this is covered:
 *
 * <table>
 *   <caption>What runs on the executable</caption>
 *   <tr><td>each image format</td><td>{@code PredictResourceIT.everyScoreIsTheReferences},
 *       {@code EveryFailureIsAProblemIT.picturesThatFail}, {@link #ourPictures} and
 *       {@link #oddPictures}</td></tr>
 *   <tr><td>Chinese labels</td><td>{@code PredictResourceIT.labelsInTheReadersLanguage}, and the
 *       thousand of them in {@link #photos}</td></tr>
 *   <tr><td>every kind of problem</td><td>{@code EveryFailureIsAProblemIT} by what the client does,
 *       {@code EveryKindOfFailureIT} by kind</td></tr>
 *   <tr><td>metrics</td><td>{@code ServingMetricsIT}, {@code StartupTimelineIT}, {@code CacheIT} by
 *       value, {@link #metrics} by name</td></tr>
 *   <tr><td>the OpenAPI document</td><td>{@code OpenApiIT}, {@link #documents},
 *       {@code GeneratedClientsIT}</td></tr>
 *   <tr><td>JSON of every record</td><td>{@code EveryFieldIT}, {@link #json}</td></tr>
 *   <tr><td>photos, scores to 1e-4</td><td>{@link #photos}</td></tr>
 *   <tr><td>start, SIGTERM, a broken model, overload</td><td>{@code StartupTimelineIT}, {@code GracefulShutdownIT},
 *       {@code BrokenModelIT}, {@code OverloadIT} and {@code SustainedOverloadIT}</td></tr>
 * </table>
 */
@EnabledIf(
    value = "dev.glimpse.support.Service#isNative",
    disabledReason = "a jar was packaged, and no native executable")
class NativeIT {

  private static final double TOLERANCE = 1e-4;

  @TempDir private static Path repository;

  private static Twins twins;

  @BeforeAll
  static void start() throws Exception {
    link("colors", Fixtures.MODELS.resolve("colors"));
    link("flowers", Path.of("models/flowers"));
    link("random", Fixtures.RANDOM_MODELS.resolve("mobilenet-v2"));
    if (Fixtures.hasAsset("models/mobilenet-v2")) {
      link("mobilenet-v2", Fixtures.asset("models/mobilenet-v2"));
    }
    twins =
        Twins.start(
            Map.of(
                "glimpse.models.path", repository.toString(), "glimpse.models.default", "colors"));
    Assumptions.assumeTrue(
        twins.get("/q/health/ready").executable().body().contains("TurboJPEG"),
        "libjpeg-turbo (libturbojpeg0) is not here, and only the JVM has another decoder");
  }

  private static void link(String name, Path model) throws IOException {
    Files.createSymbolicLink(repository.resolve(name), model.toRealPath());
  }

  @AfterAll
  static void stop() throws Exception {
    if (twins != null) {
      twins.close();
    }
    try (Stream<Path> links = Files.list(repository)) {
      for (Path link : links.toList()) {
        Files.delete(link); // JUnit warns when it meets them
      }
    }
  }

  @Test
  void ourPictures() throws Exception {
    for (Map<String, String> row : Fixtures.images()) {
      String name = row.get("image");
      byte[] picture = Fixtures.bytes(Fixtures.RESOURCES.resolve("images").resolve(name));
      twins.post("/predict?top_k=6&lang=zh", picture).assertSame(name, TOLERANCE);
    }
  }

  /** Images of every kind, broken ones too. */
  @Test
  void oddImages() throws Exception {
    assertSame(Fixtures.ODD_IMAGES, "golden/odd/drawn-all.tsv");
  }

  /** What other decoders are tested with, broken images too. */
  @Test
  @EnabledIfExternalData("odd-images")
  void otherDecodersTestImages() throws Exception {
    assertSame(Fixtures.asset("odd-images"), "golden/odd/pillow.tsv");
  }

  private static void assertSame(Path folder, String table) throws Exception {
    for (Map<String, String> row : Fixtures.table(table)) {
      byte[] image = Fixtures.bytes(folder.resolve(row.get("file")));
      twins.post("/predict?top_k=6", image).assertSame(row.get("file"), TOLERANCE);
    }
  }

  /** A heap dump would hold the admin token. */
  @Test
  void signalsWriteNoHeapDump() throws Exception {
    try (Service service = Service.start(Map.of("glimpse.drain.quiet", "0s"))) {
      new ProcessBuilder("kill", "-USR1", Long.toString(service.pid())).start().waitFor();
      assertThat(service.ended(10)).as("the signal's default").isTrue();
      assertThat(service.log()).doesNotContain("eap dump");
    }
    try (Stream<Path> files = Files.list(Path.of(""))) {
      assertThat(files).noneMatch(file -> file.toString().endsWith(".hprof"));
    }
  }

  @ParameterizedTest
  @CsvSource({"random, 1000", "flowers, 5"})
  void photos(String model, int classes) throws Exception {
    assertSame(Fixtures.PHOTOS, 30, model, classes);
  }

  @ParameterizedTest
  @CsvSource({"mobilenet-v2, 1000", "flowers, 5"})
  @EnabledIfExternalData({"photos/imagenet", "models/mobilenet-v2"})
  void realPhotos(String model, int classes) throws Exception {
    assertSame(Fixtures.asset("photos/imagenet"), 200, model, classes);
  }

  private static void assertSame(Path folder, int count, String model, int classes)
      throws Exception {
    List<Path> photos;
    try (Stream<Path> files = Files.list(folder)) {
      photos = files.filter(file -> file.toString().endsWith(".jpg")).sorted().toList();
    }
    String path = "/predict?model=%s&top_k=%d".formatted(model, classes);
    double largest = 0;
    for (Path photo : photos) {
      Answers answers = twins.post(path, Fixtures.bytes(photo), "Accept-Language", "zh");
      assertThat(answers.executable().statusCode()).isEqualTo(200);
      largest = Math.max(largest, answers.assertSame(photo.toString(), TOLERANCE));
    }
    System.out.printf(
        "%s: the same %d labels on %d photos, largest difference of a score %.1e%n",
        model, classes, photos.size(), largest);
    assertThat(photos).hasSize(count);
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json", "application/yaml"})
  void documents(String type) throws Exception {
    Answers answers = twins.get("/q/openapi", "Accept", type);

    assertThat(answers.executable().statusCode()).isEqualTo(200);
    assertThat(answers.executable().body()).isEqualTo(answers.jvm().body()).contains("/predict");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/models", "/models/colors", "/models/nothing", "/health", "/predict", "/nothing"})
  void json(String path) throws Exception {
    twins.get(path).assertSame(path, TOLERANCE);
  }

  /** The checks come in any order. */
  @ParameterizedTest
  @ValueSource(strings = {"started", "ready", "live"})
  void probes(String probe) throws Exception {
    Answers answers = twins.get("/q/health/" + probe);

    assertThat(checks(answers.executable()))
        .isNotEmpty()
        .containsExactlyInAnyOrderElementsOf(checks(answers.jvm()));
  }

  private static JsonNode checks(HttpResponse<String> health) throws Exception {
    return new ObjectMapper().readTree(health.body()).get("checks");
  }

  /** By their names, but for the JVM's own, of which an executable has fewer. */
  @Test
  void metrics() throws Exception {
    twins.post("/predict", Fixtures.image("red.jpg"));
    twins.post("/predict", Fixtures.image("truncated.jpg"));
    twins.post("/predict?model=nothing", Fixtures.image("red.jpg"));
    Answers answers = twins.get("/q/metrics");

    assertThat(names(answers.executable().body()))
        .isEqualTo(names(answers.jvm().body()))
        .contains("glimpse_start_seconds{step=\"libraries\"}");
  }

  /** Kinds and descriptions of all, and of ours each sample with its labels. */
  private static String names(String metrics) {
    return metrics
        .lines()
        .map(line -> line.startsWith("#") ? line : line.replaceAll(" \\S+$", ""))
        .filter(line -> line.startsWith("#") || line.startsWith("glimpse_"))
        .filter(line -> !line.matches("# \\w+ jvm_.*"))
        .map(line -> line.replaceAll("runtime=\"[^\"]*\"", "runtime=\"…\"")) // differs on purpose
        .collect(Collectors.toCollection(TreeSet::new))
        .stream()
        .collect(Collectors.joining("\n"));
  }
}
