package dev.glimpse.remote;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.glimpse.support.Fixtures;
import dev.glimpse.support.RawConnection;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Classifies images by URL, through the whole service. */
@QuarkusTest
@TestProfile(ImageByUrlTest.Loopback.class)
@Timeout(60)
class ImageByUrlTest {

  /** Images come from a port of this machine. */
  public static class Loopback implements QuarkusTestProfile {

    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "glimpse.models.path", Fixtures.MODELS.toAbsolutePath().toString(),
          "glimpse.models.default", "colors",
          "glimpse.workers.count", "1",
          "glimpse.url.enabled", "true",
          "glimpse.url.http", "true");
    }

    @Override
    public Set<Class<?>> getEnabledAlternatives() {
      return Set.of(LoopbackToo.class);
    }

    @Override
    public List<TestResourceEntry> testResources() {
      return List.of(new TestResourceEntry(Images.class));
    }
  }

  /** Starts the server first, so that the service can be configured with its port. */
  public static class Images implements QuarkusTestResourceLifecycleManager {

    private ImageServer server;

    @Override
    public Map<String, String> start() {
      try {
        server = new ImageServer();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      server.image("/yellow.png", Fixtures.image("yellow.png"));
      return Map.of("glimpse.url.ports", "443," + server.port());
    }

    @Override
    public void inject(Object test) {
      if (test instanceof ImageByUrlTest byUrl) {
        byUrl.server = server;
      }
    }

    @Override
    public void stop() {
      try {
        server.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private ImageServer server;

  @Test
  void anImage() {
    predict("/yellow.png").statusCode(200).body("predictions[0].label", equalTo("yellow"));
  }

  @Test
  void aMissingImage() {
    predict("/nothing.png")
        .statusCode(422)
        .body("type", equalTo("urn:glimpse:problem:unfetched-picture"));
  }

  @Test
  void eachImageOfABatchHasItsOwnResult() {
    Map<String, String> here =
        Map.of("b64", Base64.getEncoder().encodeToString(Fixtures.image("red.jpg")));
    given()
        .contentType("application/json")
        .body(
            Map.of(
                "images",
                List.of(
                    url("/yellow.png"),
                    here,
                    url("/nothing"),
                    Map.of("url", "https://127.0.0.2/"),
                    Map.of("url", "https://user@example.com/"))))
        .post("/predict/batch")
        .then()
        .statusCode(200)
        .body("results[0].predictions[0].label", equalTo("yellow"))
        .body("results[1].predictions[0].label", equalTo("red"))
        .body("results[2].status", equalTo(422))
        .body("results[3].status", equalTo(422))
        .body("results[4].status", equalTo(400))
        .body("results[4].detail", containsString("images[4].url"));
  }

  @Test
  void theDownloadEndsAtTheDeadline() throws Exception {
    server.stall("/until-the-deadline");
    given()
        .header("grpc-timeout", "500m")
        .contentType("application/json")
        .body(Map.of("image", url("/until-the-deadline")))
        .post("/predict")
        .then()
        .statusCode(504);
    assertThat(server.disconnected("/until-the-deadline").await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void theDownloadEndsWhenTheClientDisconnects() throws Exception {
    server.stall("/until-the-client-goes");
    String body = "{\"image\": {\"url\": \"" + url("/until-the-client-goes").get("url") + "\"}}";
    try (Socket client = new Socket("127.0.0.1", RestAssured.port)) {
      client
          .getOutputStream()
          .write(
              ("POST /predict HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                      + "Content-Length: %d\r\n\r\n%s".formatted(body.length(), body))
                  .getBytes(StandardCharsets.US_ASCII));
      assertThat(server.stalling("/until-the-client-goes").await(10, TimeUnit.SECONDS)).isTrue();
      client.setSoLinger(true, 0); // a reset: it could just have sent all it has, and wait
    }
    assertThat(server.disconnected("/until-the-client-goes").await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void waitingRequestsHoldSlotsButNoWorker() throws Exception {
    server.stall("/first").stall("/second");
    try (RawConnection first = new RawConnection(RestAssured.port);
        RawConnection second = new RawConnection(RestAssured.port)) {
      waitFor("/first", first);
      waitFor("/second", second);
      assertThat(metrics()).contains("glimpse_permits_taken 2.0");
      predict("/yellow.png").statusCode(200); // by the only worker
    }
  }

  /** Otherwise every URL that clients send would stay in memory, and be visible to others. */
  @Test
  void metricsDoNotContainTheUrl() {
    predict("/yellow.png").statusCode(200);
    assertThat(metrics()).doesNotContain("http_client", "yellow.png", "" + server.port());
  }

  private void waitFor(String path, RawConnection connection) throws Exception {
    String body = "{\"image\": {\"url\": \"" + url(path).get("url") + "\"}}";
    connection.head("Content-Type: application/json\r\nContent-Length: " + body.length());
    connection.send(body.getBytes(StandardCharsets.US_ASCII));
    assertThat(server.stalling(path).await(10, TimeUnit.SECONDS)).isTrue();
  }

  private static String metrics() {
    return given().get("/q/metrics").then().statusCode(200).extract().asString();
  }

  private ValidatableResponse predict(String path) {
    return given()
        .contentType("application/json")
        .body(Map.of("image", url(path)))
        .post("/predict")
        .then();
  }

  private Map<String, String> url(String path) {
    return Map.of("url", "http://127.0.0.1:" + server.port() + path);
  }
}
