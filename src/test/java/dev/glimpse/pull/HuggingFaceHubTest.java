package dev.glimpse.pull;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glimpse.support.Fixtures;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class HuggingFaceHubTest {

  private static final String FILES = "/ours/colors/resolve/main/";

  private static final String COMMIT = "0".repeat(40);

  /** Invented. */
  private static final String SECRET = "hf_0123456789";

  @TempDir private Path repository;

  private HostileServer server;

  @BeforeEach
  void start() throws IOException {
    server = new HostileServer();
    server.file(FILES + "config.json", new byte[2]);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.onnx_data", "model.onnx.data"})
  void externalWeightsAreFetched(String name) {
    server.file(FILES + "model.onnx", new byte[3]);
    server.file(FILES + name, new byte[4]);
    assertThat(pullRequest().files())
        .extracting("path")
        .containsExactly("config.json", "model.onnx", name);
  }

  @Test
  void graphWithoutConfigIsRejectedWithTheCommandThatFetchesIt() {
    server.file("/ours/bare/resolve/main/model.onnx", new byte[3]);
    HuggingFaceHub hub = new HuggingFaceHub(web(""), server.url(""));
    assertThatThrownBy(() -> hub.request("ours/bare", Optional.empty()))
        .isInstanceOf(FetchException.class)
        .hasMessageContaining("/ours/bare has no config.json")
        .hasMessageEndingWith("models pull " + server.url("/ours/bare/resolve/main/model.onnx"));
  }

  /** As where a model was renamed several times. */
  @Test
  void fiveRedirectsAreFollowedAndNotSix() {
    server.file("/graph.onnx", new byte[3]);
    redirect(FILES + "model.onnx", 5);
    assertThat(pullRequest().files().get(1).address())
        .isEqualTo(URI.create(server.url("/graph.onnx")));

    redirect(FILES + "model.onnx", 6);
    assertThatThrownBy(this::pullRequest)
        .isInstanceOf(FetchException.class)
        .hasMessage(server.url(FILES + "model.onnx") + " redirects more than 5 times.");
  }

  /** Leads from a path to the graph, by so many redirects. */
  private void redirect(String path, int redirects) {
    String from = path;
    for (int left = redirects; left > 0; left--) {
      String to = left == 1 ? "/graph.onnx" : "/hop" + left;
      server.at(from, (request, out) -> HostileServer.head(out, "302 Found", "Location: " + to));
      from = to;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"401 Unauthorized", "403 Forbidden"})
  void restrictedModelIsReported(String status) {
    server.at(FILES + "model.onnx", (request, out) -> HostileServer.head(out, status));
    String start = server.url("/ours/colors") + " responded with status " + status.substring(0, 3);
    assertThatThrownBy(() -> pullRequest(""))
        .isInstanceOf(FetchException.class)
        .hasMessage(
            start
                + ": it requires a login (set HF_TOKEN to a token), or the model does not exist.");
    assertThatThrownBy(() -> pullRequest(SECRET))
        .isInstanceOf(FetchException.class)
        .hasMessage(
            start + ": the token in HF_TOKEN has no access to it, or the model does not exist.");
  }

  @Test
  void tokenIsSentToTheHubOnly() throws IOException {
    byte[] graph = Files.readAllBytes(Fixtures.MODELS.resolve("colors/1/model.onnx"));
    for (String name : List.of("config.json", "preprocessor_config.json")) {
      server.file(
          FILES.replace("main", COMMIT) + name,
          Files.readAllBytes(Fixtures.MODELS.resolve("colors/1/" + name)));
    }
    try (HostileServer storage = new HostileServer()) {
      storage.file("/blob", graph);
      for (String revision : List.of("main", COMMIT)) {
        server.at(
            FILES.replace("main", revision) + "model.onnx",
            (request, out) ->
                HostileServer.head(
                    out,
                    "302 Found",
                    "Location: " + storage.url("/blob"),
                    "X-Repo-Commit: " + COMMIT));
      }
      DownloadClient web = web(" " + SECRET + "\n");
      PullRequest pullRequest =
          new HuggingFaceHub(web, server.url("")).request("ours/colors", Optional.empty());
      PullResult pulled =
          new ModelPull(repository, web, new ModelPullTest.NoProgress(), Long.MAX_VALUE)
              .run(pullRequest, OptionalInt.empty(), false);

      assertThat(pulled.folder().resolve("model.onnx")).hasBinaryContent(graph);
      assertThat(server.requests())
          .hasSizeGreaterThan(6)
          .allSatisfy(request ->
              assertThat(HostileServer.header(request, "Authorization"))
                  .isEqualTo("Bearer " + SECRET));
      assertThat(storage.requests())
          .isNotEmpty()
          .allSatisfy(
              request -> assertThat(HostileServer.header(request, "Authorization")).isEmpty());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "https://hub.example/a, true",
    "https://HUB.example:443/a, true",
    "https://hub.example:8443/a, false",
    "http://hub.example/a, false",
    "https://cdn.hub.example/a, false",
    "https://hub.example.org/a, false",
  })
  void tokenIsForSchemeHostAndPort(String address, boolean same) {
    BearerToken login = BearerToken.of("https://hub.example/", "HF_TOKEN", SECRET).orElseThrow();
    assertThat(login.isFor(URI.create(address))).isEqualTo(same);
    assertThat(login.toString()).doesNotContain(SECRET);
  }

  @Test
  void invalidTokenIsRejectedAndNotPrinted() {
    assertThat(BearerToken.of("https://hub.example/", "HF_TOKEN", " \n")).isEmpty();
    assertThatThrownBy(
            () -> BearerToken.of("https://hub.example/", "HF_TOKEN", SECRET + "\r\nHost: x"))
        .isInstanceOf(FetchException.class)
        .hasMessage(
            "HF_TOKEN is not a valid token: it has spaces, line breaks or other characters than"
                + " visible ASCII. Correct it, or leave it empty.");
    assertThatThrownBy(() -> BearerToken.of("http://hub.example/", "HF_TOKEN", SECRET))
        .isInstanceOf(FetchException.class)
        .hasMessageContaining("models are fetched by https only")
        .hasMessageNotContaining(SECRET);
  }

  private PullRequest pullRequest() {
    return pullRequest("");
  }

  private PullRequest pullRequest(String token) {
    return new HuggingFaceHub(web(token), server.url("")).request("ours/colors", Optional.empty());
  }

  private DownloadClient web(String token) {
    return new DownloadClient(
        ModelPullTest.SHORT_TIMEOUTS, BearerToken.of(server.url(""), "HF_TOKEN", token));
  }
}
