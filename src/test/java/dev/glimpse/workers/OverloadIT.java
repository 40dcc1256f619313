package dev.glimpse.workers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.Fixtures;
import io.quarkus.test.junit.QuarkusIntegrationTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Has one worker, two slots in the queue, and a slow model. */
@QuarkusIntegrationTest
@TestProfile(OverloadIT.OneWorker.class)
class OverloadIT {

  public static class OneWorker implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "glimpse.models.path",
          Fixtures.SLOW_MODELS.toAbsolutePath().toString(),
          "glimpse.models.default",
          "slow",
          "glimpse.workers.count",
          "1",
          "glimpse.queue.size",
          "2");
    }
  }

  @Test
  void excessRequestsAreRefusedAtOnceAndTheOthersAnswered() {
    HttpClient client = HttpClient.newHttpClient();
    List<CompletableFuture<HttpResponse<String>>> calls =
        IntStream.range(0, 12)
            .mapToObj(i -> client.sendAsync(request(), HttpResponse.BodyHandlers.ofString()))
            .toList();
    List<HttpResponse<String>> answers = calls.stream().map(CompletableFuture::join).toList();

    assertThat(answers).extracting(HttpResponse::statusCode).containsOnly(200, 503);
    List<HttpResponse<String>> refused =
        answers.stream().filter(a -> a.statusCode() == 503).toList();
    // Three fit at a time; the first may be answered while the last are still on their way.
    assertThat(refused).hasSizeBetween(1, 9);
    assertThat(refused)
        .allSatisfy(a -> {
          assertThat(a.headers().firstValue("Retry-After").orElse("")).matches("[1-9][0-9]*");
          assertThat(a.headers().firstValue("Content-Type")).hasValue("application/problem+json");
          assertThat(a.body()).contains("\"Overloaded\"");
        });

    assertThat(client.sendAsync(request(), HttpResponse.BodyHandlers.ofString()).join())
        .extracting(HttpResponse::statusCode)
        .isEqualTo(200);
  }

  private static HttpRequest request() {
    return HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port + "/predict"))
        .header("Content-Type", "image/jpeg")
        .POST(HttpRequest.BodyPublishers.ofByteArray(Fixtures.image("red.jpg")))
        .build();
  }
}
