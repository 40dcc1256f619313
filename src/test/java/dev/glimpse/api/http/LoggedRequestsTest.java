package dev.glimpse.api.http;

import static dev.glimpse.support.Polling.await;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.ColorModels;
import dev.glimpse.support.Fixtures;
import dev.glimpse.support.LogLines;
import dev.glimpse.support.RawConnection;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The lines of failed requests to the whole service: those of the endpoints, and those below. */
@QuarkusTest
@TestProfile(ColorModels.class)
@Timeout(60)
class LoggedRequestsTest {

  private final LogLines log = LogLines.of("dev.glimpse.requests");

  /** Earlier tests may have used up the lines of this second. */
  @BeforeEach
  void waitForLines() {
    await().pollDelay(Duration.ofMillis(1100)).until(() -> true);
  }

  @AfterEach
  void close() {
    log.close();
  }

  @Test
  void modelOfASingleImageIsNamed() {
    byte[] image = Fixtures.image("truncated.jpg");
    given().header("X-Request-ID", "one").contentType("image/jpeg").body(image).post("/predict");

    assertThat(line("one"))
        .matches(
            "INFO POST /predict 422 code=unreadable-image model=colors ms=\\d+ bytes=%d id=one"
                .formatted(image.length));
  }

  @Test
  void modelOfABatchIsNamed() {
    given()
        .header("X-Request-ID", "two")
        .queryParam("top_k", 99)
        .multiPart("file", "a.jpg", Fixtures.image("red.jpg"))
        .post("/predict/batch");

    assertThat(line("two"))
        .matches(
            "INFO POST /predict/batch 400 code=invalid-parameter model=colors ms=\\d+ bytes=\\d+"
                + " id=two");
  }

  @Test
  void invalidHeadsAreLoggedAndCounted() throws Exception {
    double before = malformed();
    for (String head :
        List.of(
            "GET /predict HTTP/1.1\r\nX-Request-ID: three\r\n",
            "POST /a?b HTTP/1.1\r\nHost: a\r\nHost: b\r\nX-Request-ID: three\r\n")) {
      assertThat(send(head + "\r\n").status()).isEqualTo(400);
    }
    String id = send("no HTTP\r\n\r\n").headers().get("x-request-id");

    await().until(() -> malformed() == before + 3);
    assertThat(log.lines())
        .contains(
            "INFO GET /predict 400 code=malformed-request model=- ms=0 bytes=0 id=three",
            "INFO POST /a 400 code=malformed-request model=- ms=0 bytes=0 id=three",
            "INFO UNKNOWN - 400 code=malformed-request model=- ms=0 bytes=0 id=" + id);
  }

  /** The endpoint has the request already, and would take its end for a client that has gone. */
  @Test
  void brokenChunksAreLoggedAsTheyAreAnswered() throws Exception {
    RawConnection.Answer answer =
        send(
            "POST /predict HTTP/1.1\r\nHost: a\r\nContent-Type: image/png\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nxyz\r\n");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(line(answer.headers().get("x-request-id")))
        .matches("INFO POST /predict 400 code=malformed-request model=- ms=\\d+ bytes=3 id=\\S+");
  }

  /** Returns the line of a request, which is written after its response. */
  private String line(String id) {
    await().until(() -> log.lines().stream().anyMatch(line -> line.endsWith(" id=" + id)));
    List<String> lines = log.lines().stream().filter(line -> line.endsWith(" id=" + id)).toList();
    assertThat(lines).hasSize(1);
    return lines.get(0);
  }

  private static RawConnection.Answer send(String request) throws IOException {
    try (RawConnection connection = new RawConnection(RestAssured.port)) {
      connection.send(request.getBytes(StandardCharsets.US_ASCII));
      return connection.read();
    }
  }

  /** Returns how many requests have been refused below the endpoints. */
  private static double malformed() {
    return given()
        .get("/q/metrics")
        .asString()
        .lines()
        .filter(line -> line.startsWith("http_server_requests_seconds_count"))
        .filter(line -> line.contains("uri=\"UNKNOWN\"") && line.contains("status=\"400\""))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
