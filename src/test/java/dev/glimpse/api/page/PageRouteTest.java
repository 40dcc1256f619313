package dev.glimpse.api.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.metrics.HttpTags;
import dev.glimpse.support.Configs;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class PageRouteTest {

  private static final String BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8";

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void stop() {
    vertx.close();
  }

  private String start(Map<String, String> settings, boolean needsKey) throws Exception {
    GlimpseConfig config = Configs.of(settings);
    Router router = Router.router(vertx);
    new PageRoute(config, new ServiceIndex(config, needsKey), vertx).register(router);
    HttpServer server =
        vertx
            .createHttpServer()
            .requestHandler(router)
            .listen(0)
            .toCompletionStage()
            .toCompletableFuture()
            .get(5, TimeUnit.SECONDS);
    return "http://localhost:" + server.actualPort();
  }

  private HttpResponse<byte[]> ask(String method, String url, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url)).method(method, HttpRequest.BodyPublishers.noBody());
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofByteArray());
  }

  @Test
  void browsersGetThePageAndOthersTheEndpoints() throws Exception {
    String url = start(Map.of(), false) + "/";

    HttpResponse<byte[]> page = ask("GET", url, "Accept", BROWSER);
    HttpResponse<byte[]> index = ask("GET", url, "Accept", "*/*");

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html;charset=UTF-8");
    assertThat(page.body())
        .isEqualTo(Files.readAllBytes(Path.of("src/main/resources/page/index.html")));
    assertThat(index.headers().firstValue("Content-Type"))
        .hasValue("application/json;charset=UTF-8");
    JsonObject json = new JsonObject(new String(index.body(), StandardCharsets.UTF_8));
    assertThat(json.getString("service")).isEqualTo("glimpse");
    assertThat(json.getString("models")).isEqualTo("/models");
    assertThat(json.getBoolean("needs_key")).isFalse();
    assertThat(json.getLong("max_image_bytes")).isEqualTo(32L << 20);
    assertThat(json.getString("version")).isNotEmpty();
    assertThat(json.getJsonArray("endpoints"))
        .contains("/predict", "/predict/batch", "/models", "/q/openapi");
    for (HttpResponse<byte[]> response : List.of(page, index)) {
      assertThat(response.headers().firstValue("Vary")).hasValue("Accept, Accept-Encoding");
    }
  }

  @Test
  void withKeysTheListTellsNoVersion() throws Exception {
    String url = start(Map.of("glimpse.management.listen", "9000"), true) + "/";

    JsonObject json = new JsonObject(new String(ask("GET", url).body(), StandardCharsets.UTF_8));

    assertThat(json.getBoolean("needs_key")).isTrue();
    assertThat(json.fieldNames()).doesNotContain("version");
    assertThat(json.getJsonArray("endpoints")).doesNotContain("/q/openapi"); // it has another port
  }

  @Test
  void whatIsSwitchedOffIsNotListed() throws Exception {
    JsonArray all = endpoints(Map.of());
    JsonArray rest =
        endpoints(Map.of("glimpse.explain.enabled", "false", "glimpse.live.max-connections", "0"));

    assertThat(all).contains("/explain", "/embed", "/predict/live");
    assertThat(all).allMatch(path -> path.equals("/q/openapi") || HttpTags.isKnown((String) path));
    List<Object> expected = new ArrayList<>(all.stream().toList());
    expected.removeAll(List.of("/explain", "/embed", "/predict/live"));
    assertThat(rest.stream().toList()).isEqualTo(expected);
  }

  private JsonArray endpoints(Map<String, String> settings) throws Exception {
    byte[] index = ask("GET", start(settings, false) + "/").body();
    return new JsonObject(new String(index, StandardCharsets.UTF_8)).getJsonArray("endpoints");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/", "/page/app.js", "/page/style.css", "/page/icon.svg", "/page/words.zh.json"})
  void eachFileIsGuardedByThePolicy(String path) throws Exception {
    HttpResponse<byte[]> response = ask("GET", start(Map.of(), false) + path, "Accept", BROWSER);

    assertThat(response.statusCode()).isEqualTo(200);
    String policy = response.headers().firstValue("Content-Security-Policy").orElseThrow();
    assertThat(policy)
        .startsWith("default-src 'none';")
        .contains("script-src 'self';", "connect-src 'self';", "frame-ancestors 'none'")
        .doesNotContain("unsafe")
        .doesNotContain("*")
        .doesNotContain("http");
    assertThat(response.headers().map())
        .containsEntry("x-content-type-options", List.of("nosniff"))
        .containsEntry("referrer-policy", List.of("no-referrer"))
        .containsEntry("permissions-policy", List.of(PageRoute.PERMISSIONS))
        .containsEntry("cache-control", List.of("no-cache"));
  }

  @Test
  void anEntityTagSavesTheNextTransfer() throws Exception {
    String url = start(Map.of(), false) + "/page/app.js";
    byte[] file = Files.readAllBytes(Path.of("src/main/resources/page/app.js"));

    HttpResponse<byte[]> plain = ask("GET", url);
    HttpResponse<byte[]> gzip = ask("GET", url, "Accept-Encoding", "gzip");

    assertThat(plain.body()).isEqualTo(file);
    assertThat(new GZIPInputStream(new ByteArrayInputStream(gzip.body())).readAllBytes())
        .isEqualTo(file);
    assertThat(gzip.headers().firstValue("Content-Encoding")).hasValue("gzip");
    for (HttpResponse<byte[]> known : List.of(plain, gzip)) {
      String tag = known.headers().firstValue("ETag").orElseThrow();
      HttpResponse<byte[]> again = ask("GET", url, "If-None-Match", tag);
      assertThat(again.statusCode()).isEqualTo(304);
      assertThat(again.body()).isEmpty();
      assertThat(again.headers().map()).containsKey("content-security-policy");
    }
    assertThat(plain.headers().firstValue("ETag")).isNotEqualTo(gzip.headers().firstValue("ETag"));
    assertThat(ask("GET", url, "If-None-Match", "\"other\"").statusCode()).isEqualTo(200);
  }

  @Test
  void headHasNoBody() throws Exception {
    HttpResponse<byte[]> head = ask("HEAD", start(Map.of(), false) + "/", "Accept", BROWSER);

    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertThat(head.headers().firstValueAsLong("Content-Length").orElse(0)).isPositive();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/page/",
        "/page/other.js",
        "/page/%2e%2e/application.properties",
        "/page/..%2fapplication.properties",
        "/page/App.js",
        "/page/app.js%00",
        "/index.html"
      })
  void nothingElseIsServed(String path) throws Exception {
    assertThat(ask("GET", start(Map.of(), false) + path).statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/page/app.js"})
  void itCanBeTurnedOff(String path) throws Exception {
    String url = start(Map.of("glimpse.page.enabled", "false"), false);

    assertThat(ask("GET", url + path, "Accept", BROWSER).statusCode()).isEqualTo(404);
  }

  @Test
  void manyAtOnceWaitForTheFirstToReadTheFiles() throws Exception {
    String url = start(Map.of(), false) + "/page/app.js";

    var all =
        IntStream.range(0, 20)
            .mapToObj(i ->
                client.sendAsync(
                    HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofByteArray()))
            .toList();

    for (var response : all) {
      assertThat(response.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }
  }
}
