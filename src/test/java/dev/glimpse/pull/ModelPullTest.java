package dev.glimpse.pull;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glimpse.digest.Sha256;
import dev.glimpse.repository.ModelFolder;
import dev.glimpse.repository.ModelRepository;
import dev.glimpse.repository.RepositoryScan;
import dev.glimpse.support.OnnxBytes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class ModelPullTest {

  static final RetryPolicy SHORT_TIMEOUTS =
      new RetryPolicy(
          Duration.ofSeconds(2),
          Duration.ofMillis(500),
          3,
          Duration.ofMillis(1),
          Duration.ofSeconds(1));

  private static final String GRAPH = "/graph.onnx";

  @TempDir private Path repository;
  @TempDir private Path elsewhere;

  private HostileServer server;
  private byte[] graph;
  private String sha256;

  @BeforeEach
  void start() throws IOException {
    server = new HostileServer();
    byte[] random = new byte[400_000];
    new Random(1).nextBytes(random);
    graph = OnnxBytes.model(random); // nothing here runs it
    sha256 = Sha256.hex(Files.write(elsewhere.resolve("graph"), graph));
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  @Test
  void modelIsMovedInCompletelyAndNothingElseIsLeft() throws IOException {
    server.file(GRAPH, graph);
    PullResult pulled = pull(known());

    assertThat(pulled.folder()).isEqualTo(repository.resolve("colors/1"));
    assertThat(pulled.folder().resolve("model.onnx")).hasBinaryContent(graph);
    assertThat(pulled.folder().resolve("labels.txt")).hasContent("a\nb");
    assertThat(pulled.files().get(0).sha256()).isEqualTo(sha256);
    assertThat(list(pulled.folder())).containsExactly("labels.txt", "model.onnx");
    assertThat(list(repository)).containsExactly("colors");
  }

  @Test
  void brokenDownloadResumes() {
    AtomicInteger asked = new AtomicInteger();
    int half = graph.length / 2;
    server.at(
        GRAPH,
        (request, out) ->
            HostileServer.send(
                request, out, graph, asked.getAndIncrement() == 0 ? half : graph.length));

    assertThat(pull(known()).folder().resolve("model.onnx")).hasBinaryContent(graph);
    assertThat(server.requests()).hasSize(2);
    assertThat(HostileServer.header(server.requests().get(1), "Range")).matches("bytes=\\d+-");
    assertThat(HostileServer.header(server.requests().get(1), "If-Range")).isEqualTo("\"one\"");
  }

  @Test
  void laterRunResumesAndPartialFilesAreNotAModel() {
    server.at(GRAPH, (request, out) -> HostileServer.send(request, out, graph, 1000));
    server.file("/other", graph);
    String complaint = failure(pullRequest(GRAPH, OptionalLong.empty(), sha256, "slow"), 1000);
    assertThat(complaint).contains("more than the 1000 that a file may have");

    server.at(GRAPH, halfThenError());
    assertThat(failure(known()))
        .contains("the server responded with status 500", "run the same command again to resume");
    pull(pullRequest("/other", OptionalLong.empty(), sha256, "other"));
    assertThat(RepositoryScan.findAll(ModelRepository.at(repository)))
        .extracting(ModelFolder::name)
        .containsOnly("other");

    server.file(GRAPH, graph);
    pull(known());
    List<String> last = server.requests().get(server.requests().size() - 1);
    assertThat(HostileServer.header(last, "Range")).matches("bytes=\\d+-");
  }

  @Test
  void changedFileIsDownloadedFromTheStart() {
    AtomicInteger asked = new AtomicInteger();
    byte[] older = graph.clone();
    Arrays.fill(older, (byte) 8);
    server.at(
        GRAPH,
        (request, out) -> {
          if (asked.getAndIncrement() == 0) {
            HostileServer.send(request, out, older, older.length / 2);
          } else { // If-Range does not match: all of it
            HostileServer.head(out, "200 OK", "Content-Length: " + graph.length, "ETag: \"two\"");
            out.write(graph);
          }
        });
    assertThat(pull(unknown()).folder().resolve("model.onnx")).hasBinaryContent(graph);
  }

  @Test
  void resumedBytesOfAnotherFileAreDetected() {
    AtomicInteger asked = new AtomicInteger();
    byte[] other = graph.clone();
    other[0]++;
    server.at(
        GRAPH,
        (request, out) -> {
          boolean first = asked.getAndIncrement() == 0;
          HostileServer.send(request, out, first ? other : graph, first ? 5000 : graph.length);
        });
    assertThat(failure(known())).contains("is not the expected file: its SHA-256 is");
    assertThat(pull(known()).folder().resolve("model.onnx")).hasBinaryContent(graph);
  }

  @Test
  void wrongBytesAreRejected() throws IOException {
    byte[] wrong = graph.clone();
    wrong[graph.length / 2]++;
    server.file(GRAPH, wrong);
    assertThat(failure(known())).contains("its SHA-256 is", "and should be " + sha256);
    assertThat(repository).isEmptyDirectory();
  }

  @Test
  void moreBytesThanContentLengthSays() {
    server.at(
        GRAPH,
        (request, out) -> {
          HostileServer.head(out, "200 OK", "Content-Length: " + (graph.length - 10));
          out.write(graph);
        });
    assertThat(failure(known())).contains("it is not the expected file");
  }

  @Test
  void moreBytesThanExpectedWithoutContentLength() {
    server.at(
        GRAPH,
        (request, out) -> {
          HostileServer.head(out, "200 OK");
          out.write(graph);
          out.write(graph);
        });
    assertThat(failure(known()))
        .contains("sends more than the " + graph.length + " bytes expected");
  }

  @Test
  void fewerBytesThanContentLengthSays() {
    server.at(
        GRAPH,
        (request, out) -> {
          HostileServer.head(out, "200 OK", "Content-Length: " + (graph.length + 10));
          out.write(graph);
        });
    assertThat(failure(unknown()))
        .contains("could not be downloaded in 3 attempts: the connection was lost");
  }

  @Test
  void fewerBytesThanExpectedWithoutContentLength() {
    server.at(
        GRAPH,
        (request, out) -> {
          HostileServer.head(out, "200 OK");
          out.write(graph, 0, 100);
        });
    assertThat(failure(known()))
        .contains("the response ended after 100 of " + graph.length + " bytes");
  }

  @Test
  void stalledBodyTimesOut() {
    server.at(
        GRAPH,
        (request, out) -> {
          HostileServer.head(out, "200 OK", "Content-Length: " + graph.length);
          out.write(graph, 0, 100);
          out.flush();
          server.stall();
        });
    assertThat(failure(known())).contains("no bytes arrived for 0.5 s");
  }

  @Test
  void missingResponseTimesOut() {
    server.at(GRAPH, (request, out) -> server.stall());
    assertThat(failure(known())).contains("in 3 attempts: the server did not respond in time");
  }

  @ParameterizedTest
  @CsvSource({
    "http://example.com/x, 'redirects to \"http://example.com/x\", which is not followed'",
    "ftp://127.0.0.1/x, which is not followed",
    "/graph.onnx, redirects more than 5 times",
  })
  void badRedirectsAreRejected(String location, String sentence) {
    server.at(
        GRAPH,
        (request, out) ->
            HostileServer.head(out, "302 Found", "Location: " + location, "Content-Length: 0"));
    assertThat(failure(known())).contains(sentence);
  }

  @ParameterizedTest
  @CsvSource({
    "404 Not Found, '', 1, does not exist (status 404)",
    "403 Forbidden, '', 1, responded with status 403: it requires a login",
    "500 Broken, '', 3, the server responded with status 500",
    "429 Slow, 0, 3, the server responded with status 429",
    "429 Slow, 3600, 1, asks to retry in 3600 seconds",
  })
  void errorStatusesAreReported(String status, String retryAfter, int asked, String sentence) {
    server.at(
        GRAPH,
        (request, out) ->
            HostileServer.head(out, status, "Content-Length: 0", "Retry-After: " + retryAfter));
    assertThat(failure(known())).contains(sentence);
    assertThat(server.requests()).hasSize(asked);
  }

  @Test
  void retryAfterIsObeyed() {
    AtomicInteger asked = new AtomicInteger();
    server.at(
        GRAPH,
        (request, out) -> {
          if (asked.getAndIncrement() == 0) {
            HostileServer.head(out, "429 Slow", "Content-Length: 0", "Retry-After: 1");
          } else {
            HostileServer.send(request, out, graph, graph.length);
          }
        });
    long started = System.nanoTime();
    pull(known());
    assertThat(Duration.ofNanos(System.nanoTime() - started)).isGreaterThan(Duration.ofMillis(990));
  }

  @Test
  void refusedConnectionIsReported() throws IOException {
    try (Socket deaf = new Socket()) { // bound, but not listening
      deaf.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      PullRequest pullRequest =
          GraphUrl.request(
              "http://127.0.0.1:%d/a.onnx".formatted(deaf.getLocalPort()),
              Optional.empty(),
              Optional.empty());
      assertThat(failure(pullRequest))
          .isEqualTo(
              "127.0.0.1 refused the connection: check the address, and whether this machine is"
                  + " offline.");
    }
  }

  @Test
  void unknownHostIsReported() {
    PullRequest pullRequest =
        GraphUrl.request("https://models.invalid/a.onnx", Optional.empty(), Optional.empty());
    assertThat(failure(pullRequest))
        .isEqualTo(
            "models.invalid is not known to DNS: check the address, and whether this machine is"
                + " offline.");
    assertThat(repository).as("nothing to resume").isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<html>Please log in",
        "\n<!doctype html>",
        "{\"error\": \"Please log in\"}",
        "version https://git-lfs.github.com/spec/v1",
        "\u00ff\u00d8\u00ff\u00e0, a JPEG",
        "PK\u0003\u0004, a ZIP",
        "\b\bzzzz, which goes on otherwise",
        "",
      })
  void fileThatIsNotAGraphIsRejected(String text) {
    server.file(GRAPH, text.getBytes(StandardCharsets.ISO_8859_1));
    assertThat(failure(unknown())).endsWith("is not an ONNX graph; check the address.");
    assertThat(repository).isEmptyDirectory();
  }

  @Test
  void modelThatCannotBeServedIsRejectedBeforeItsGraphIsRequested() {
    server.file(GRAPH, graph);
    server.file("/config", "{\"id2label\": {\"0\": \"a\"}}".getBytes(StandardCharsets.UTF_8));
    RemoteFile model = unknown().files().get(0);
    PullRequest pullRequest =
        new PullRequest("colors", "us", List.of(model, file("config.json", "/config")), Map.of());
    assertThat(failure(pullRequest))
        .contains("The model from us cannot be served.")
        .contains("colors: preprocessor_config.json is missing; add it.")
        .endsWith("To fetch its graph without them: models pull " + server.url(GRAPH));
    assertThat(server.requests())
        .extracting(request -> request.get(0))
        .containsExactly("GET /config HTTP/1.1");
    assertThat(repository.resolve(".pull")).doesNotExist();

    pullRequest =
        new PullRequest("colors", "us", List.of(model), Map.of("config.json", "{\"id2label\": 1}"));
    assertThat(failure(pullRequest)).contains("The model from us cannot be served.", "id2label");
    assertThat(server.requests()).hasSize(1);
    assertThat(repository.resolve(".pull")).doesNotExist();
  }

  /** After they are corrected, the graph need not be downloaded again. */
  @Test
  void graphIsKeptWhenTheFilesBesideItAreWrong() throws IOException {
    server.file(GRAPH, graph);
    server.at("/weights", (request, out) -> HostileServer.head(out, "404 Gone"));
    List<RemoteFile> files = List.of(known().files().get(0), file("weights", "/weights"));
    PullRequest stale = new PullRequest("colors", "us", files, Map.of("labels.zh.txt", "一"));
    assertThat(failure(stale)).contains("does not exist (status 404)");
    PullRequest wrong =
        new PullRequest("colors", "us", files, Map.of("config.json", "{\"id2label\": 1}"));
    assertThat(failure(wrong)).contains("us cannot be served", "id2label");

    server.file("/weights", new byte[1]);
    PullRequest good = new PullRequest("colors", "us", files, Map.of("labels.txt", "a\nb"));
    assertThat(list(pull(good).folder())).containsExactly("labels.txt", "model.onnx", "weights");
    assertThat(server.requests())
        .filteredOn(request -> request.get(0).contains(GRAPH))
        .as("the graph was asked for once")
        .hasSize(1);
    assertThat(list(repository)).containsExactly("colors");
  }

  @ParameterizedTest
  @CsvSource({
    "resnet.onnx.data, resnet.onnx.data",
    "../../../etc/passwd, ../../../etc/passwd",
    "model.onnx_data, ''",
    "./model.onnx_data, ''",
  })
  void graphWithoutItsExternalWeightsIsRejected(String location, String missing) {
    OnnxBytes tensors = new OnnxBytes().message(5, OnnxBytes.external(location));
    server.file(GRAPH, OnnxBytes.model(tensors));
    server.file("/weights", new byte[4]);
    RemoteFile weights = file("model.onnx_data", "/weights");
    PullRequest pullRequest =
        new PullRequest("colors", "us", List.of(weights, unknown().files().get(0)), Map.of());
    if (missing.isEmpty()) {
      assertThat(pull(pullRequest).folder().resolve("model.onnx_data")).exists();
    } else {
      assertThat(failure(pullRequest))
          .contains(
              server.url(GRAPH) + " keeps its weights in " + missing + ", which is not downloaded");
      assertThat(server.requests()).as("nor have those that would").hasSize(1);
      assertThat(repository).isEmptyDirectory();
    }
  }

  @Test
  void nextVersionOrTheRequestedOne() throws IOException {
    server.file(GRAPH, graph);
    assertThat(pull(known()).version()).isEqualTo(1);
    assertThat(pull(known()).version()).isEqualTo(2);
    ModelPull pull = pull(Long.MAX_VALUE);
    assertThat(pull.run(known(), OptionalInt.of(7), false).version()).isEqualTo(7);
    assertThatThrownBy(() -> pull.run(known(), OptionalInt.of(2), false))
        .isInstanceOf(FetchException.class)
        .hasMessageContaining("exists already");
    Path stale = Files.writeString(repository.resolve("colors/2/stale.txt"), "");
    assertThat(pull.run(known(), OptionalInt.of(2), true).version()).isEqualTo(2);
    assertThat(stale).doesNotExist();
    assertThat(list(repository)).containsExactly("colors");
    assertThat(list(repository.resolve("colors"))).containsExactly("1", "2", "7");
  }

  /** From a run that was killed after the rename and before it cleaned up. */
  @Test
  void replacedVersionOfAKilledRunIsDeleted() throws IOException {
    server.file(GRAPH, graph);
    pull(known());
    server.at(GRAPH, halfThenError());
    ModelPull pull = pull(Long.MAX_VALUE);
    assertThatThrownBy(() -> pull.run(known(), OptionalInt.of(1), true))
        .hasMessageContaining("could not be downloaded");
    String work = list(repository.resolve(".pull")).get(0);
    Path replaced =
        Files.createDirectories(repository.resolve(".pull").resolve(work).resolve("replaced"));
    Files.writeString(replaced.resolve("labels.txt"), "older");

    server.file(GRAPH, graph);
    assertThat(pull.run(known(), OptionalInt.of(1), true).version()).isEqualTo(1);
    assertThat(list(repository)).containsExactly("colors");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1999999999", "2026112112"})
  void noVersionFollowsTheHighest(String highest) throws IOException {
    server.file(GRAPH, graph);
    Files.createDirectories(repository.resolve("colors").resolve(highest));
    assertThat(failure(known())).contains("has version " + highest, "no higher one is possible");
    assertThat(server.requests()).isEmpty();
    pull(Long.MAX_VALUE).run(known(), OptionalInt.of(8), false);
    assertThat(repository.resolve("colors/8/model.onnx")).exists();
  }

  @Test
  void modelWithoutVersionsIsNotChanged() throws IOException {
    Files.createDirectories(repository.resolve("colors"));
    Files.write(repository.resolve("colors/model.onnx"), graph);
    assertThat(failure(known())).contains("holds a model without versions");
  }

  private PullRequest known() {
    return pullRequest(GRAPH, OptionalLong.of(graph.length), sha256, "colors");
  }

  private PullRequest unknown() {
    return GraphUrl.request(server.url(GRAPH), Optional.of("colors"), Optional.empty());
  }

  private PullRequest pullRequest(String path, OptionalLong size, String sha256, String name) {
    RemoteFile file =
        new RemoteFile(
            "model.onnx",
            DownloadUrls.of(server.url(path)),
            size,
            Optional.of(sha256),
            Optional.of("ours"));
    return new PullRequest(name, "us", List.of(file), Map.of("labels.txt", "a\nb"));
  }

  private HostileServer.Answer halfThenError() {
    AtomicInteger asked = new AtomicInteger();
    return (request, out) -> {
      if (asked.getAndIncrement() == 0) {
        HostileServer.send(request, out, graph, graph.length / 2);
      } else {
        HostileServer.head(out, "500 Broken", "Content-Length: 0");
      }
    };
  }

  private RemoteFile file(String name, String path) {
    return new RemoteFile(
        name,
        DownloadUrls.of(server.url(path)),
        OptionalLong.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private PullResult pull(PullRequest pullRequest) {
    return pull(Long.MAX_VALUE).run(pullRequest, OptionalInt.empty(), false);
  }

  private ModelPull pull(long bound) {
    return new ModelPull(
        repository, new DownloadClient(SHORT_TIMEOUTS, Optional.empty()), new NoProgress(), bound);
  }

  private String failure(PullRequest pullRequest) {
    return failure(pullRequest, Long.MAX_VALUE);
  }

  private String failure(PullRequest pullRequest, long bound) {
    try {
      pull(bound).run(pullRequest, OptionalInt.empty(), false);
    } catch (FetchException e) {
      assertThat(repository.resolve(pullRequest.name()).resolve("1")).doesNotExist();
      return String.valueOf(e.getMessage());
    }
    throw new AssertionError("It was fetched.");
  }

  private static List<String> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** As after a kill between the last byte and the rename, while the hash was computed. */
  @Test
  void aPartialFileThatIsCompleteIsReportedByItsNameAndNotRequested() throws Exception {
    byte[] graph = {1, 2, 3};
    Path target = repository.resolve("model.onnx");
    Files.write(repository.resolve("model.onnx.part"), graph);
    List<String> reported = new ArrayList<>();
    PullProgressListener progress =
        new NoProgress() {
          @Override
          public void started(String file, long already, OptionalLong total) {
            reported.add("%s %d %d".formatted(file, already, total.orElse(-1)));
          }
        };
    RemoteFile file =
        new RemoteFile(
            "model.onnx",
            URI.create(server.url("/model.onnx")),
            OptionalLong.of(graph.length),
            Optional.of(HexFormat.of().formatHex(Sha256.of(graph))),
            Optional.empty());

    new Download(new DownloadClient(SHORT_TIMEOUTS, Optional.empty()), progress, Long.MAX_VALUE)
        .download(file, target);

    assertThat(reported).containsExactly("model.onnx 3 3");
    assertThat(server.requests()).isEmpty();
    assertThat(target).hasBinaryContent(graph);
  }

  static class NoProgress implements PullProgressListener {
    @Override
    public void started(String file, long already, OptionalLong total) {}

    @Override
    public void received(long bytes) {}

    @Override
    public void done() {}

    @Override
    public void interrupted(String sentence) {}
  }
}
