package dev.glimpse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.pull.HostileServer;
import dev.glimpse.support.Documents;
import dev.glimpse.support.Fixtures;
import dev.glimpse.support.Repository;
import dev.glimpse.support.Service;
import io.restassured.RestAssured;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command line of the packaged application, jar or native executable. */
@Timeout(60)
class CommandsIT {

  private static final String JAR = "java -jar target/quarkus-app/quarkus-run.jar ";

  private record Ran(int status, String out, String err) {}

  /** Runs each of these commands in the README and docs/; the output must be the text below it. */
  @Test
  void commandsOfTheDocumentsPrintWhatTheyShow() throws Exception {
    Pattern pair =
        Pattern.compile("```sh\\n" + JAR + "([^\\n]*)\\n```\\s+```\\n(.*?)```", Pattern.DOTALL);
    List<MatchResult> commands = pair.matcher(Documents.text()).results().toList();
    assertThat(commands).hasSizeGreaterThanOrEqualTo(2);
    for (MatchResult command : commands) {
      Ran ran = run(command.group(1).split(" "));
      assertThat(ran.err()).isEmpty();
      assertThat(steady(ran.out())).isEqualTo(steady(command.group(2)));
      assertThat(ran.status()).isZero();
    }
  }

  @Test
  void exitStatusTellsTheOutcome() throws Exception {
    Path broken = Fixtures.BROKEN_MODELS.resolve("label-count-mismatch/bad");
    Ran bad = run("models", "check", broken.toString());
    assertThat(bad.status()).isEqualTo(1);
    assertThat(bad.out()).isEmpty();
    assertThat(bad.err())
        .contains("the graph has 6 classes and config.json names 5")
        .hasLineCount(1);
    assertThat(run("models", "chekc").status()).isEqualTo(2);
  }

  @Test
  void checkReportsWrongVariables() throws Exception {
    Ran ran =
        runWith(
            List.of(),
            Map.of("GLIMPSE_QUEUE_SIZ", "5", "GLIMPSE_QUEUE_TIMEOUT", "soon"),
            "models",
            "check",
            "models/flowers");
    assertThat(ran.err())
        .contains("Did you mean GLIMPSE_QUEUE_SIZE?", "GLIMPSE_QUEUE_TIMEOUT is \"soon\";")
        .hasLineCount(2);
    assertThat(ran.status()).isEqualTo(1);
  }

  @Test
  void listSaysWhoHasSignedAModel(@TempDir Path folder) throws Exception {
    Path model = new Repository(folder).put("colors/1", "colors", 1);
    Path signing = Fixtures.RESOURCES.resolve("signing");
    Map<String, String> settings =
        Map.of(
            "GLIMPSE_MODELS_PATH", folder.toString(),
            "GLIMPSE_MODELS_VERIFY", signing.resolve("authority.pem").toString());
    Ran unsigned = runWith(List.of(), settings, "models", "list");
    assertThat(unsigned.out()).contains(" not signed ", "it is not signed: there is no model.sig");
    assertThat(unsigned.status()).isEqualTo(1);

    Files.copy(signing.resolve("chain.sig"), model.resolve("model.sig"));
    Ran signed = runWith(List.of(), settings, "models", "list");
    assertThat(signed.out()).contains(" by CN=Signer, valid until 2036-01-01 ");
    assertThat(signed.status()).isZero();
    assertThat(runWith(List.of(), settings, "models", "prepare").err())
        .contains("glimpse.models.verify is set, by which all of them have to be signed")
        .hasLineCount(1);
    assertThat(runWith(List.of(), settings, "models", "check", model.toString()).out())
        .containsPattern("signed +by CN=Signer, valid until 2036-01-01 +model.sig");
  }

  @Test
  void unknownOptionStartsNoService() throws Exception {
    Ran ran = run("--prot", "0");
    assertThat(ran.err()).contains("'--prot'", "Usage: glimpse").doesNotContain("\tat ");
    assertThat(ran.status()).isEqualTo(2);
    assertThat(run("--version").out()).startsWith("glimpse ");
  }

  /** The models are not loaded first, which this log level would show. */
  @Test
  void portInUseIsReportedFirst() throws Exception {
    try (ServerSocket other = new ServerSocket(0)) {
      Ran ran =
          runWith(
              List.of("-Dquarkus.log.category.\"dev.glimpse\".level=DEBUG"),
              "--port",
              "" + other.getLocalPort());
      assertThat(ran.err())
          .contains("Port " + other.getLocalPort() + " is in use by another program.")
          .doesNotContain("\tat ");
      assertThat(ran.out()).doesNotContain("exported graph", "prepared graph");
      assertThat(ran.status()).isEqualTo(1);
    }
  }

  /**
   * As in the README and the container images: prepare once, then start with the prepared graph.
   */
  @Test
  void serviceStartsWithThePreparedGraph(@TempDir Path repository) throws Exception {
    Path model = Files.createDirectories(repository.resolve("colors"));
    try (Stream<Path> files = Files.list(Fixtures.MODELS.resolve("colors/2"))) {
      for (Path file : files.toList()) {
        Files.copy(file, model.resolve(file.getFileName()));
      }
    }
    Map<String, String> settings = Map.of("glimpse.models.path", repository.toString());
    byte[] image = Fixtures.image("red.jpg");
    List<Map<String, ?>> exported;
    try (Service service = Service.start(settings)) {
      exported = predictions(service, image);
      assertThat(service.log()).contains("exported graph");
    }

    Ran ran = runWith(List.of("-Dglimpse.models.path=" + repository), "models", "prepare");
    Assumptions.assumeFalse(
        ran.err().contains("on this processor"), "graphs are prepared for x86-64 only");
    assertThat(ran.err()).isEmpty();
    assertThat(ran.out()).isEqualTo("colors/1: " + model.resolve("model.prepared.ort") + "\n");
    assertThat(ran.status()).isZero();

    try (Service service = Service.start(settings)) {
      assertThat(predictions(service, image)).isEqualTo(exported);
      assertThat(service.log()).contains("prepared graph").doesNotContain("exported graph");
    }
  }

  @Test
  void modelIsFetchedAndServed(@TempDir Path repository) throws Exception {
    Path model = Fixtures.MODELS.resolve("colors/2");
    List<String> names = List.of("config.json", "preprocessor_config.json", "model.onnx");
    try (HostileServer server = new HostileServer()) {
      List<String> files = new ArrayList<>();
      for (String name : names) {
        server.file("/" + name, Files.readAllBytes(model.resolve(name)));
        files.add("{\"path\": \"%s\", \"url\": \"%s\"}".formatted(name, server.url("/" + name)));
      }
      Path catalogue =
          Files.writeString(
              repository.resolve("catalogue.json"),
              "{\"models\": {\"paint\": {\"source\": \"us\", \"files\": " + files + "}}}");

      Ran ran =
          runWith(
              List.of("-Dglimpse.models.path=" + repository),
              "models",
              "pull",
              "paint",
              "--catalogue",
              catalogue.toString());
      assertThat(ran.err()).isEmpty();
      assertThat(ran.out()).contains("/paint/1 is paint, version 1, from us\n");
      assertThat(ran.status()).isZero();
    }
    try (Service service = Service.start(Map.of("glimpse.models.path", repository.toString()))) {
      assertThat(predictions(service, Fixtures.image("red.jpg")).get(0).get("label"))
          .isEqualTo("red");
    }
  }

  @Test
  void tokenOfTheEnvironmentIsNotSentOverPlainHttpAndNotPrinted(@TempDir Path repository)
      throws Exception {
    try (HostileServer server = new HostileServer()) {
      Ran ran =
          runWith(
              List.of("-Dglimpse.models.path=" + repository),
              Map.of("HF_TOKEN", "hf_0123456789", "HF_ENDPOINT", server.url("")),
              "models",
              "pull",
              "ours/colors");
      assertThat(server.requests()).isEmpty();
      assertThat(ran.err()).contains("HF_TOKEN is not sent to " + server.url("")).hasLineCount(1);
      assertThat(ran.out() + ran.err()).doesNotContain("hf_0123456789");
      assertThat(ran.status()).isEqualTo(1);
    }
  }

  @Test
  void serverWithoutTlsIsReported(@TempDir Path repository) throws Exception {
    try (ServerSocket plain = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread thread = new Thread(() -> answerPlainly(plain), "plain-server");
      thread.setDaemon(true);
      thread.start();
      Ran ran =
          runWith(
              List.of("-Dglimpse.models.path=" + repository),
              "models",
              "pull",
              "https://localhost:" + plain.getLocalPort() + "/a.onnx");
      assertThat(ran.err())
          .contains("No secure connection to localhost could be made")
          .hasLineCount(1);
      assertThat(ran.status()).isEqualTo(1);
    }
  }

  private static void answerPlainly(ServerSocket server) {
    try {
      while (true) {
        try (Socket client = server.accept()) {
          client
              .getOutputStream()
              .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
          client.getInputStream().read();
        }
      }
    } catch (IOException e) {
      // closed
    }
  }

  private static List<Map<String, ?>> predictions(Service service, byte[] image) {
    return RestAssured.given()
        .port(service.port())
        .contentType("image/jpeg")
        .body(image)
        .post("/predict")
        .jsonPath()
        .getList("predictions");
  }

  /** Times vary, and the last digits of scores. */
  private static String steady(String text) {
    return text.replaceAll("\\d+ ms", "… ms").replaceAll("(0\\.\\d\\d)\\d\\d", "$1");
  }

  private static Ran run(String... arguments) throws IOException, InterruptedException {
    return runWith(List.of(), arguments);
  }

  private static Ran runWith(List<String> settings, String... arguments)
      throws IOException, InterruptedException {
    return runWith(settings, Map.of(), arguments);
  }

  private static Ran runWith(
      List<String> settings, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(Service.command(settings));
    command.addAll(List.of(arguments));
    Path err = Files.createTempFile(Path.of("target"), "command-", ".err");
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(err.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return new Ran(process.exitValue(), out, Files.readString(err));
  }
}
