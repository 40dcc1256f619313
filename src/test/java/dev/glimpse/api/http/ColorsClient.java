package dev.glimpse.api.http;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Sends requests to a service with the settings of {@code ColorModels}. */
final class ColorsClient {

  /** Take images or tensors in JSON. */
  static final List<String> INFERENCE_ENDPOINTS =
      List.of(
          "/predict",
          "/predict/batch",
          "/models/colors",
          "/predictions/colors",
          "/invocations",
          "/v1/models/colors:predict",
          "/v2/models/colors/infer");

  static final List<String> JSON_ENDPOINTS =
      Stream.concat(INFERENCE_ENDPOINTS.stream(), Stream.of("/v2/repository/index")).toList();

  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final int port;

  ColorsClient(int port) {
    this.port = port;
  }

  HttpResponse<String> get(String path) throws Exception {
    return send(request(path));
  }

  HttpResponse<String> postJson(String path, String json) throws Exception {
    return post(path, "application/json", json.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Sends a body.
   *
   * @param headers names and values by turns
   */
  HttpResponse<String> post(String path, String type, byte[] body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        request(path).header("Content-Type", type).POST(BodyPublishers.ofByteArray(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path)).timeout(TIMEOUT);
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}
