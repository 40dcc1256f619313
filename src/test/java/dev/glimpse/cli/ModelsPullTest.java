package dev.glimpse.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.glimpse.pull.BearerToken;
import dev.glimpse.pull.FetchException;
import dev.glimpse.pull.HostileServer;
import dev.glimpse.support.Fixtures;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class ModelsPullTest {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String REPOSITORY = "glimpse.models.path";
  private static final Path MODEL = Fixtures.MODELS.resolve("colors/1");
  private static final String HUB = "/ours/colors/resolve/";
  private static final String COMMIT = "0123456789012345678901234567890123456789";

  @TempDir private Path folder;
  private Path repository;
  private HostileServer server;

  private record Ran(int status, String out, String err) {}

  @BeforeEach
  void start() throws IOException {
    server = new HostileServer();
    repository = folder.resolve("models");
    System.setProperty(REPOSITORY, repository.toString());
  }

  @AfterEach
  void stop() throws IOException {
    System.clearProperty(REPOSITORY);
    server.close();
  }

  @Test
  void theTokenIsNotSentOverPlainHttp() {
    assertThatExceptionOfType(FetchException.class)
        .isThrownBy(
            () -> BearerToken.requireEncrypted("http://localhost:1/", "HF_TOKEN", "hf_secret"))
        .withMessage(
            "HF_TOKEN is not sent to http://localhost:1/ over plain http; unset it, or use https.");
    assertThatCode(() -> BearerToken.requireEncrypted("http://localhost:1/", "HF_TOKEN", " "))
        .doesNotThrowAnyException();
    assertThatCode(
            () -> BearerToken.requireEncrypted("https://localhost:1/", "HF_TOKEN", "hf_secret"))
        .doesNotThrowAnyException();
  }

  @Test
  void catalogueModelIsServedAsFetched() throws Exception {
    byte[] graph = Files.readAllBytes(MODEL.resolve("model.onnx"));
    server.file("/graph", graph);
    server.file("/config", Files.readAllBytes(MODEL.resolve("config.json")));
    String catalogue =
        """
        {"shared": {"pictures": {"path": "preprocessor_config.json", "content": %s}},
         "models": {"colors": {"source": "us", "files": ["pictures",
           {"path": "config.json", "url": "%s"},
           {"path": "model.onnx", "url": "%s", "size": %d, "sha256": "%s", "licence": "ours"}]}}}
        """
            .formatted(
                Files.readString(MODEL.resolve("preprocessor_config.json")),
                server.url("/config"),
                server.url("/graph"),
                graph.length,
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(graph)));
    Path file = Files.writeString(folder.resolve("catalogue.json"), catalogue);

    Ran ran = run("colors", "--catalogue", file.toString());
    assertThat(ran.err()).isEmpty();
    assertThat(ran.status()).isZero();
    assertThat(ran.out())
        .contains("model.onnx  0.7 kB\n", "/colors/1 is colors, version 1, from us\n")
        .contains(
            "Licences: model.onnx: ours\n"
                + "Not verified, because no checksum is known: config.json\n");
    StringWriter out = new StringWriter();
    PrintWriter writer = new PrintWriter(out);
    assertThat(Commands.run(writer, writer, "models", "check", repository + "/colors"))
        .as(out.toString())
        .isZero();

    JsonNode json = MAPPER.readTree(run("colors", "--catalogue", file.toString(), "--json").out());
    assertThat(json.at("/ok").booleanValue()).isTrue();
    assertThat(json.at("/version").intValue()).isEqualTo(2);
    assertThat(json.at("/files/1/checked").booleanValue()).isTrue();
  }

  @Test
  void hubModelIsFetched() throws Exception {
    byte[] graph = Files.readAllBytes(MODEL.resolve("model.onnx"));
    for (String revision : List.of("main", COMMIT)) {
      server.at(
          HUB + revision + "/onnx/model.onnx",
          (request, out) ->
              HostileServer.head(
                  out,
                  "302 Found",
                  "Location: " + server.url("/lfs"),
                  "Content-Length: 0",
                  "X-Repo-Commit: " + COMMIT,
                  "X-Linked-Size: " + graph.length,
                  "X-Linked-ETag: \"" + "0".repeat(64) + "\""));
      for (String name : List.of("config.json", "preprocessor_config.json")) {
        server.file(HUB + revision + "/" + name, Files.readAllBytes(MODEL.resolve(name)));
      }
    }
    server.file("/lfs", graph);
    Ran wrong = run("ours/colors", "--hub", server.url(""));
    assertThat(wrong.status()).isEqualTo(1);
    assertThat(wrong.err()).contains("its SHA-256 is", "and should be 0000").hasLineCount(1);

    String checksum = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(graph));
    server.at(
        HUB + COMMIT + "/onnx/model.onnx",
        (request, out) ->
            HostileServer.head(
                out,
                "302 Found",
                "Location: " + server.url("/lfs"),
                "Content-Length: 0",
                "X-Repo-Commit: " + COMMIT,
                "X-Linked-Size: " + graph.length,
                "X-Linked-ETag: \"" + checksum + "\""));
    Ran ran = run("ours/colors", "--hub", server.url(""), "--name", "paint");
    assertThat(ran.err()).isEmpty();
    assertThat(ran.status()).isZero();
    assertThat(repository.resolve("paint/1/onnx/model.onnx")).hasBinaryContent(graph);
    assertThat(repository.resolve("paint/1/preprocessor_config.json")).exists();
  }

  /** The graph has no labels, so that it is served for tensors. */
  @Test
  void graphAtAnAddressTakesTensorsUntilLabelsAreAdded() throws Exception {
    server.file("/some/squares.onnx", Files.readAllBytes(MODEL.resolve("model.onnx")));
    Ran ran = run(server.url("/some/squares.onnx"));
    Path placed = repository.resolve("squares/1");
    assertThat(ran.status()).isZero();
    assertThat(ran.err()).isEmpty();
    assertThat(ran.out())
        .contains(placed + " is squares, version 1")
        .contains("It takes tensors and classifies no images: no file says how to", "labels.txt");
    assertThat(placed.resolve("model.onnx")).exists();

    Ran again = run(server.url("/some/squares.onnx"), "--json");
    assertThat(again.status()).isZero();
    assertThat(again.err()).isEmpty();
    JsonNode json = MAPPER.readTree(again.out());
    assertThat(json.at("/ok").booleanValue()).isTrue();
    assertThat(json.at("/version").intValue()).isEqualTo(2);
    assertThat(json.at("/tensors_only").textValue()).contains("labels.txt");

    Files.writeString(placed.resolve("labels.txt"), "a\nb\nc\nd\ne\nf\n");
    StringWriter out = new StringWriter();
    PrintWriter writer = new PrintWriter(out);
    assertThat(Commands.run(writer, writer, "models", "check", placed.toString()))
        .as(out.toString())
        .isZero();
  }

  @Test
  void tensorGraphIsServedAsFetched() throws Exception {
    Path graph = Fixtures.RESOURCES.resolve("models-tensors/tabular/1/model.onnx");
    server.file("/tabular.onnx", Files.readAllBytes(graph));
    Ran ran = run(server.url("/tabular.onnx"));
    assertThat(ran.err()).isEmpty();
    assertThat(ran.status()).isZero();
  }

  @Test
  void tooLongNameNeedsTheNameOption() throws Exception {
    String name = "a".repeat(65);
    byte[] graph = Files.readAllBytes(MODEL.resolve("model.onnx"));
    server.file("/ours/" + name + "/resolve/main/model.onnx", graph);
    for (String file : List.of("config.json", "preprocessor_config.json")) {
      byte[] bytes = Files.readAllBytes(MODEL.resolve(file));
      server.file("/ours/" + name + "/resolve/main/" + file, bytes);
    }
    Ran refused = run("ours/" + name, "--hub", server.url(""));
    assertThat(refused.err()).contains("is not a valid model name: choose another with --name");
    assertThat(server.requests()).isEmpty();
    assertThat(run("ours/" + name, "--hub", server.url(""), "--name", "a").status()).isZero();

    Path catalogue =
        Files.writeString(
            folder.resolve("catalogue.json"),
            """
            {"models": {"%s": {"source": "us", "files": [{"path": "model.onnx", "url": "%s"}]}}}
            """
                .formatted(name, server.url("/ours/" + name + "/resolve/main/model.onnx")));
    assertThat(run(name, "--catalogue", catalogue.toString()).err())
        .contains("is not a valid model name: choose another with --name");
    run(name, "--catalogue", catalogue.toString(), "--name", "b");
    assertThat(repository.resolve("a/1/model.onnx")).hasBinaryContent(graph);
    assertThat(repository.resolve("b/1/model.onnx")).hasBinaryContent(graph);
  }

  @ParameterizedTest
  @CsvSource({
    "nothing, 1, 'There is no model \"nothing\" in the catalogue, which has efficientnet-lite4-11'",
    "http://example.com/a.onnx, 1, models are fetched by https only",
    "https://user@example.com/a.onnx, 1, models are fetched by https only",
    "https://example.com/a.zip, 1, is not the address of an .onnx file",
    "https://example.com/a.onnx --sha256 12, 1, is not a SHA-256",
    "https://models.invalid/a.onnx, 1, 'models.invalid is not known to DNS: check the address, and"
        + " whether this machine is offline.'",
    "squeezenet1.1-7 --version 0, 2, Usage: glimpse models pull",
    "squeezenet1.1-7 --version 2026112112, 2, --version must be a whole number from 1 to"
        + " 1999999999.",
    "squeezenet1.1-7 --version 20261121120000, 2, Usage: glimpse models pull",
    "squeezenet1.1-7 --nonsense, 2, Usage: glimpse models pull",
    "squeezenet1.1-7 --sha256 12, 2, --sha256 is valid only for the address of an .onnx file.",
    "ours/colors --sha256 12, 2, --sha256 is valid only for the address of an .onnx file.",
    "https://example.com/a.onnx --catalogue b, 2, '--catalogue is valid only for a model''s name,"
        + " not for an address.'",
    "squeezenet1.1-7 --name a/b, 1, is not a valid model name",
  })
  void badArgumentsAreRejected(String line, int status, String sentence) {
    Ran ran = run(line.split(" "));
    assertThat(ran.status()).isEqualTo(status);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).contains(sentence);
    assertThat(repository.resolve("a")).doesNotExist();
  }

  private static Ran run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    List<String> command = new ArrayList<>(List.of("models", "pull"));
    command.addAll(List.of(arguments));
    int status =
        Commands.run(new PrintWriter(out), new PrintWriter(err), command.toArray(String[]::new));
    return new Ran(status, out.toString(), err.toString());
  }
}
