package dev.glimpse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.glimpse.support.Documents;
import dev.glimpse.support.Fixtures;
import dev.glimpse.support.Repository;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandsTest {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Path LAYOUTS = Fixtures.RESOURCES.resolve("models-layouts");
  private static final String REPOSITORY = "glimpse.models.path";

  private record Ran(int status, String out, String err) {}

  @AfterEach
  void forget() {
    System.clearProperty(REPOSITORY);
    System.clearProperty("glimpse.nonsense");
    System.clearProperty("glimpse.queue.size");
  }

  @Test
  void documentsShowWhatCheckPrints() {
    Ran ran = run("models", "check", "models/flowers");

    assertThat(ran.status()).isZero();
    assertThat(ran.out().lines().filter(line -> line.matches(" {2}[a-z]+ {2,}\\S.*")))
        .hasSizeGreaterThan(10)
        .allSatisfy(line -> assertThat(Documents.text()).contains(line));
  }

  @Test
  void prepareSaysThatTensorsAloneAreNotPrepared(@TempDir Path repository) throws Exception {
    Path model = Files.createDirectories(repository.resolve("tabular/1")).resolve("model.onnx");
    Files.copy(Path.of("src/test/resources/models-tensors/tabular/1/model.onnx"), model);
    System.setProperty(REPOSITORY, repository.toString());

    assertThat(run("models", "prepare"))
        .isEqualTo(
            new Ran(
                0,
                "tabular/1: not prepared, as it takes tensors only: there are no scores of an image"
                    + " by which the prepared graph could be checked. The exported graph is"
                    + " loaded.\n",
                ""));
    assertThat(model.resolveSibling("model.prepared.ort")).doesNotExist();
  }

  @Test
  void checkPrintsFactsAndTheirSources() {
    Ran ran = run("models", "check", LAYOUTS.resolve("djl").toString());

    assertThat(ran.err()).isEmpty();
    assertThat(ran.status()).isZero();
    assertThat(ran.out())
        .contains("djl is djl, version 1")
        .containsPattern(
            "resize +shorter side to 36 +serving.properties: width, height, resizeShort")
        .containsPattern("labels +6: red, green … white +synset.txt")
        .containsPattern("a drawing of a daisy:\n  0\\.\\d{4}  \\w+")
        .doesNotContain("custom");
  }

  @Test
  void checkNamesTheImageNetDefaults() {
    Ran ran = run("models", "check", LAYOUTS.resolve("bare").toString());

    assertThat(ran.status()).isZero();
    assertThat(ran.out())
        .containsPattern("mean +0.485, 0.456, 0.406 +default \\(ImageNet\\)")
        .contains(
            "No file sets resize, filter, rescale, mean, deviation, so ImageNet defaults are used");
  }

  @Test
  void checkTakesTheHighestVersionAndAnImage() {
    Ran ran =
        run(
            "models",
            "check",
            Fixtures.MODELS.resolve("colors").toString(),
            Fixtures.RESOURCES.resolve("images/red.jpg").toString());

    assertThat(ran.status()).isZero();
    assertThat(ran.out()).contains("is colors, version 2").containsPattern("  0\\.\\d+  red, 红\n");
  }

  @Test
  void checkPrintsJson() throws Exception {
    Ran ran = run("models", "check", "--json", Fixtures.MODELS.resolve("colors/1").toString());

    JsonNode root = MAPPER.readTree(ran.out());
    assertThat(root.at("/ok").booleanValue()).isTrue();
    assertThat(root.at("/model").textValue()).isEqualTo("colors");
    assertThat(root.at("/version").intValue()).isEqualTo(1);
    assertThat(root.at("/facts").findValuesAsText("fact"))
        .contains("input", "type", "layout", "channels", "resize", "filter", "crop", "rescale")
        .contains("mean", "deviation", "output", "activation", "labels", "languages");
    assertThat(root.at("/predictions")).hasSize(5);
  }

  @Test
  void checkOfATensorModel() throws Exception {
    String folder = Fixtures.RESOURCES.resolve("models-tensors/tabular").toString();
    Ran ran = run("models", "check", folder);
    assertThat(ran.err()).isEmpty();
    assertThat(ran.status()).isZero();
    assertThat(ran.out())
        .contains("is tabular, version 1")
        .containsPattern("  graph +model.onnx +model folder\n")
        .containsPattern("  input +[a-z_]+ float\\[.*] +graph\n")
        .containsPattern("  output +[a-z_]+ float\\[.*] +graph\n")
        .contains("It takes tensors, not images: send them to /v2/models/tabular/infer.");

    JsonNode root = MAPPER.readTree(run("models", "check", "--json", folder).out());
    assertThat(root.at("/ok").booleanValue()).isTrue();
    assertThat(root.at("/facts").findValuesAsText("fact")).contains("graph", "input", "output");
    assertThat(root.has("predictions")).isFalse();
  }

  @Test
  void checkReportsThatTheGraphFailsOnTheImage() {
    Ran ran =
        run(
            "models",
            "check",
            Fixtures.RESOURCES.resolve("models-failing/fails-on-white").toString(),
            Fixtures.RESOURCES.resolve("images/white.png").toString());
    assertThat(ran.status()).isEqualTo(1);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).startsWith("The graph fails on the image: ").hasLineCount(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "models-broken/missing-graph/bad | model.onnx is missing",
        "models-broken/missing-preprocessor/bad | preprocessor_config.json is missing",
        "models-broken/label-count-mismatch/bad | the graph has 6 classes and config.json names 5",
        "models-broken/unknown-resample/bad | \"resample\" is 9",
        "models-broken/version-not-a-number/bad | a version is a whole number from 1",
        "models-broken/empty-repository | holds no model",
        "nowhere | There is no folder",
      })
  void missingFilesAreReportedInASentence(String folder, String sentence) throws Exception {
    Path path = Fixtures.RESOURCES.resolve(folder);
    Ran ran = run("models", "check", path.toString());
    assertThat(ran.status()).isEqualTo(1);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).contains(sentence).hasLineCount(1).endsWith(".\n");

    Ran json = run("models", "check", path.toString(), "--json");
    assertThat(json.status()).isEqualTo(1);
    assertThat(json.err()).isEmpty();
    assertThat(MAPPER.readTree(json.out()).at("/ok").booleanValue()).isFalse();
    assertThat(MAPPER.readTree(json.out()).at("/problem").textValue()).contains(sentence);
  }

  @ParameterizedTest
  @CsvSource({
    "nothing.jpg, 'nothing.jpg cannot be read'",
    "html.png, The image: The bytes match no image format",
    "truncated.png, The image: ",
  })
  void badImageIsReported(String image, String sentence) {
    Ran ran =
        run(
            "models",
            "check",
            Fixtures.MODELS.resolve("unversioned").toString(),
            Fixtures.RESOURCES.resolve("images").resolve(image).toString());
    assertThat(ran.status()).isEqualTo(1);
    assertThat(ran.err()).contains(sentence).hasLineCount(1);
  }

  @Test
  void checkOfARepositoryGoesOnAfterAModelWithAProblem(@TempDir Path repository) throws Exception {
    Repository models = new Repository(repository);
    models.put("colors/1", "bad", 1);
    Files.writeString(repository.resolve("bad/1/config.json"), "{");
    models.put("colors/1", "good", 1);
    Ran ran = run("models", "check", repository.toString());
    assertThat(ran.status()).isEqualTo(1);
    assertThat(ran.err()).contains("config.json is not valid JSON").hasLineCount(1);
    assertThat(ran.out()).contains("good/1 is good, version 1");

    JsonNode root = MAPPER.readTree(run("models", "check", "--json", repository.toString()).out());
    assertThat(root.at("/ok").booleanValue()).isFalse();
    assertThat(root.at("/models").findValuesAsText("ok")).containsExactly("false", "true");
  }

  @Test
  void listShowsTheRepository() throws Exception {
    System.setProperty(REPOSITORY, LAYOUTS.toString());
    Ran ran = run("models", "list");
    assertThat(ran.status()).isZero();
    assertThat(ran.out().lines().map(line -> line.split(" +")[0]))
        .containsExactly(
            "MODEL", "bare", "bare-metadata", "djl", "djl-bytes", "hub", "ultralytics");

    JsonNode models = MAPPER.readTree(run("models", "list", "--json").out()).at("/models");
    assertThat(models.findValuesAsText("graph")).contains("resnet18_v1.onnx", "onnx/model.onnx");
  }

  @Test
  void listShowsBrokenModels() {
    System.setProperty(REPOSITORY, Fixtures.BROKEN_MODELS.resolve("bad-json").toString());
    Ran ran = run("models", "list");
    assertThat(ran.status()).isEqualTo(1);
    assertThat(ran.out()).contains("config.json is not valid JSON");
  }

  @Test
  void missingRepositoryIsReported() {
    System.setProperty(REPOSITORY, "nowhere");
    assertThat(run("models", "list"))
        .satisfies(ran -> assertThat(ran.status()).isEqualTo(1))
        .satisfies(ran -> assertThat(ran.err()).startsWith("There is no model repository at"));
  }

  @Test
  void mistypedSettingIsReported() {
    System.setProperty("glimpse.nonsense", "1");
    Ran ran = run("models", "list");
    assertThat(ran.status()).isEqualTo(1);
    assertThat(ran.err()).contains("glimpse.nonsense").hasLineCount(1);
  }

  @Test
  void wrongValueIsReported() {
    System.setProperty("glimpse.queue.size", "many");
    Ran ran = run("models", "check", "models/flowers");
    assertThat(ran.status()).isEqualTo(1);
    assertThat(ran.err())
        .isEqualTo("glimpse.queue.size is \"many\"; it must be a whole number from 0 to 100000.\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "models",
        "models check",
        "models check a b c",
        "models pull",
        "models list here",
        "model list",
        "--port 8080 models",
      })
  void unknownCommandPrintsUsage(String line) {
    Ran ran = run(line.split(" "));
    assertThat(ran.status()).isEqualTo(2);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).containsAnyOf("Usage: glimpse", "Did you mean: glimpse models?");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "-h", "models --help", "models check -h", "models list --help"})
  void helpIsPrinted(String line) {
    Ran ran = run(line.split(" "));
    assertThat(ran.status()).isZero();
    assertThat(ran.err()).isEmpty();
    assertThat(ran.out()).startsWith("Usage: glimpse");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-V", "--version"})
  void versionIsPrinted(String option) {
    Ran ran = run(option);
    assertThat(ran.err()).isEmpty();
    assertThat(ran.out()).matches("glimpse \\S+ \\(jvm(, commit \\S+)?\\)\n");
    assertThat(ran.status()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--prot 8081 | Unknown option",
        "--model_name=flowers | Unknown option: '--model_name=flowers'",
        "modles list | Unmatched arguments from index 0: 'modles', 'list'",
        "--port | Missing required parameter for option '--port' (<port>)",
        "--port 99999 | Invalid value for option '--port': \"99999\" must be a port from" + " 0",
        "serve --quick | Unknown option: '--quick'",
      })
  void unknownArgumentPrintsAHint(String line, String message) {
    Ran ran = run(line.split(" "));
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).startsWith(message).containsAnyOf("Usage: glimpse", "Did you mean");
    assertThat(ran.status()).isEqualTo(2);
  }

  @Test
  void unknownArgumentsReachTheTerminalWithoutControlCharacters() {
    Ran ran = run("models", "list", "--\u001b[2J");
    assertThat(ran.status()).isEqualTo(2);
    assertThat(ran.err()).contains("Unknown option: '--\\u001b[2J'").doesNotContain("\u001b");
  }

  @Test
  void keysNewAppendsALineThatAServiceReads(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("keys"), "# without a line break at its end");
    Ran first = run("keys", "new", "app", "--rate", "10/s", "--file", file.toString());
    Ran second =
        run(
            "keys",
            "new",
            "ops",
            "--role",
            "observe",
            "--role",
            "admin",
            "--json",
            "--file",
            file.toString());

    assertThat(first.status()).isZero();
    assertThat(first.out()).containsPattern("glimpse_[A-Za-z0-9_-]{43}\n").contains("Added to ");
    JsonNode json = MAPPER.readTree(second.out());
    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSize(3);
    assertThat(lines.get(1)).matches("app [0-9a-f]{64} predict rate=10/s");
    assertThat(lines.get(2)).matches("ops [0-9a-f]{64} observe admin");
    assertThat(json.path("line").asText()).isEqualTo(lines.get(2));
    assertThat(json.path("key").asText()).startsWith("glimpse_");
    assertThat(Files.readString(file)).doesNotContain("glimpse_");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "keys new | Missing required parameter: '<name>'",
        "keys new -a app | Unknown option: '-a'",
        "keys new a/b | The name must have 1 to 64 letters",
        "keys new app --rate 10 | The rate must be a number of requests per s, m or h",
        "keys new app --role root | Invalid value for option '--role' (<role>): \"root\" must be predict, observe, admin",
      })
  void aKeyNeedsANameARoleAndARateThatAreKnown(String line, String message) {
    Ran ran = run(line.split(" "));
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).startsWith(message);
    assertThat(ran.status()).isEqualTo(2);
  }

  @Test
  void aKeyThatCannotBeKeptIsNotShown(@TempDir Path folder) {
    Ran ran = run("keys", "new", "app", "--file", folder.toString());
    assertThat(ran.status()).isEqualTo(1);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).contains("cannot be written; no key was made");
  }

  @Test
  void systemPropertyAfterTheJarIsReported() {
    Ran ran = run("-Dquarkus.http.port=8081");
    assertThat(ran.err())
        .isEqualTo(
            "-Dquarkus.http.port=8081 must come before -jar: java -Dquarkus.http.port=8081 -jar"
                + " quarkus-run.jar\n");
    assertThat(ran.status()).isEqualTo(2);
  }

  private static Ran run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status = Commands.run(new PrintWriter(out), new PrintWriter(err), arguments);
    return new Ran(status, out.toString(), err.toString());
  }
}
