package dev.glimpse.support;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Assumptions;

/** A Prometheus on a port of its own, which scrapes one service each second. */
public final class RealPrometheus implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String CONFIG =
      """
      global:
        scrape_interval: 1s
        evaluation_interval: 1s
      scrape_configs:
        - job_name: glimpse
          metrics_path: /q/metrics
          static_configs:
            - targets: ["localhost:%d"]
      """;

  private final HttpClient http = HttpClient.newHttpClient();
  private final Process process;
  private final int port;

  private RealPrometheus(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Skips the test where Prometheus, or its tool, is not installed. */
  public static void require() {
    Assumptions.assumeTrue(isInstalled(), "prometheus and promtool are not installed");
  }

  public static boolean isInstalled() {
    return runs("prometheus") && runs("promtool");
  }

  private static boolean runs(String program) {
    try {
      return !Command.run(program, "--version").contains("ended with status");
    } catch (IOException e) {
      return false;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Starts it, and waits until it answers.
   *
   * @param folder for its files
   * @param target the port of the service
   */
  public static RealPrometheus start(Path folder, int target) throws IOException {
    Files.writeString(folder.resolve("prometheus.yaml"), CONFIG.formatted(target));
    int port = RealRedis.freePort();
    Process process =
        new ProcessBuilder(
                "prometheus",
                "--config.file=" + folder.resolve("prometheus.yaml"),
                "--storage.tsdb.path=" + folder.resolve("data"),
                "--enable-feature=exemplar-storage",
                "--web.listen-address=127.0.0.1:" + port)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("prometheus.log").toFile())
            .start();
    RealPrometheus started = new RealPrometheus(process, port);
    await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptions()
        .until(() -> started.get("/-/ready").statusCode() == 200);
    return started;
  }

  /** Returns the results of an expression at this moment. */
  public JsonNode query(String expression) throws Exception {
    return data("/api/v1/query?query=", expression).path("result");
  }

  /** Returns the exemplars that it has of the series of an expression. */
  public JsonNode exemplars(String expression) throws Exception {
    return data("/api/v1/query_exemplars?start=0&end=9999999999&query=", expression);
  }

  private JsonNode data(String path, String expression) throws Exception {
    HttpResponse<String> response =
        get(path + URLEncoder.encode(expression, StandardCharsets.UTF_8));
    JsonNode answer = JSON.readTree(response.body());
    if (!answer.path("status").asText().equals("success")) {
      throw new IllegalArgumentException(expression + ": " + response.body());
    }
    return answer.path("data");
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
