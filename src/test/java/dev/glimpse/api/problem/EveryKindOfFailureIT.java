package dev.glimpse.api.problem;

import static dev.glimpse.support.Polling.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.glimpse.failure.Failure;
import dev.glimpse.support.Fixtures;
import dev.glimpse.support.GuardedModels;
import dev.glimpse.support.RawConnection;
import dev.glimpse.support.RawConnection.Answer;
import dev.glimpse.support.Service;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each kind of failure that a client can be told of, from the packaged application. */
@Timeout(120)
class EveryKindOfFailureIT {

  /**
   * Nobody hears of the first; of the second only who comes in the last instant; the others are
   * told in the shape of the protocol of tensors, see InferResourceIT and ModelControlResourceIT.
   */
  private static final EnumSet<Failure> UNHEARD =
      EnumSet.of(
          Failure.CLIENT_GONE, Failure.NOT_READY, Failure.UNFIT_TENSOR, Failure.UNSERVABLE_MODEL);

  @TempDir private Path folder;

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final byte[] picture = Fixtures.image("red.jpg");
  private final Set<Failure> seen = EnumSet.noneOf(Failure.class);

  @Test
  void everyKindIsAnsweredAsAProblem() throws Exception {
    whereThereIsNoPlace();
    whereEveryWhitePictureIsAFaultOfOurs();
    whereCallersNeedKeys();

    assertThat(seen).isEqualTo(EnumSet.complementOf(UNHEARD));
  }

  private void whereThereIsNoPlace() throws Exception {
    Map<String, String> settings =
        Map.of(
            "glimpse.models.path", Fixtures.SLOW_MODELS.toAbsolutePath().toString(),
            "glimpse.models.default", "slow",
            "glimpse.workers.count", "1",
            "glimpse.queue.size", "1",
            "glimpse.queue.timeout", "1ms",
            "glimpse.http.min-rate", "0"); // slow bodies keep their slots
    while (!seen.contains(Failure.QUEUE_TIMEOUT)) { // on a busy machine, none may have waited
      try (Service service = Service.start(settings)) {
        twoTakeAllPlaces(service);
      }
    }
  }

  private void twoTakeAllPlaces(Service service) throws Exception {
    try (RawConnection first = new RawConnection(service.port());
        RawConnection second = new RawConnection(service.port())) {
      for (RawConnection connection : List.of(first, second)) {
        connection.head("Content-Type: image/jpeg\r\nContent-Length: " + picture.length);
      }
      await().until(() -> metrics(service).contains("glimpse_permits_taken 2.0"));
      see(service, "POST /predict", "Content-Type: image/jpeg", picture);
      for (RawConnection connection : List.of(first, second)) {
        connection.send(picture); // one is worked on, and the other waits
      }
      for (RawConnection connection : List.of(first, second)) {
        Answer answer = connection.read();
        if (answer.status() != 200) {
          see(answer);
        }
      }
    }
  }

  private void whereCallersNeedKeys() throws Exception {
    Path keys =
        Files.writeString(
            folder.resolve("keys"),
            "observer %s observe rate=1/h".formatted(GuardedModels.hash("observer's key")));
    Map<String, String> settings =
        Map.of(
            "glimpse.models.path", Fixtures.MODELS.toAbsolutePath().toString(),
            "glimpse.auth.keys", keys.toString());
    try (Service service = Service.start(settings)) {
      see(service, "POST /predict", "Content-Type: image/jpeg", picture);
      for (int i = 0; i < 2; i++) {
        see(
            service,
            "POST /predict",
            "X-API-Key: observer's key\r\nContent-Type: image/jpeg",
            picture);
      }
    }
  }

  private void whereEveryWhitePictureIsAFaultOfOurs() throws Exception {
    Path models = Fixtures.RESOURCES.resolve("models-failing").toAbsolutePath();
    Map<String, String> settings =
        Map.of(
            "glimpse.models.path",
            models.toString(),
            "glimpse.queue.body-timeout",
            "700ms",
            "glimpse.url.enabled",
            "true",
            "quarkus.log.category.\"dev.glimpse\".level",
            "TRACE");
    try (Service service = Service.start(settings)) {
      see(service, "GET /nothing", "Content-Type: image/png", picture);
      see(service, "GET /predict", "Content-Type: image/png", picture);
      see(service, "GET /predict/live", "Content-Type: image/png", picture);
      see(service, "POST /predict?top_k=0", "Content-Type: image/png", picture);
      see(service, "POST /predict?model=none", "Content-Type: image/png", picture);
      see(service, "POST /predict", "Accept: text/html\r\nContent-Type: image/png", picture);
      see(service, "POST /predict?" + "a".repeat(5000), "Content-Type: image/png", picture);
      see(service, "POST /predict", "X-A: " + "a".repeat(30_000), picture);
      see(service, "POST /predict", "Content-Type: text/plain", picture);
      see(service, "POST /predict", "Content-Type: application/json", picture);
      see(
          service,
          "POST /predict",
          "Content-Type: application/json",
          "{\"image\": {\"url\": \"https://127.0.0.1/\"}}"
              .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      see(service, "POST /predict", "Content-Type: image/png", new byte[0]);
      see(service, "POST /predict", "Content-Type: image/png", Fixtures.image("bomb.png"));
      see(service, "POST /predict", "Content-Type: image/png", Fixtures.image("white.png"));
      assertThat(service.log())
          .contains("Internal error")
          .as("the stack of a refusal")
          .containsPattern("Thrown here:+ dev.glimpse.failure.ServingException: .*\n\tat ");
      for (String deadline : List.of("grpc-timeout: 30S", "grpc-timeout: 50m")) {
        try (RawConnection connection = new RawConnection(service.port())) {
          connection.head("Content-Type: image/jpeg\r\nContent-Length: 1000", deadline);
          see(connection.read());
        }
      }
    }
  }

  private static String metrics(Service service) throws Exception {
    try (RawConnection connection = new RawConnection(service.port())) {
      send(connection, "GET /q/metrics", "Accept: text/plain", new byte[0]);
      return connection.read().body();
    }
  }

  private void see(Service service, String request, String headers, byte[] body) throws Exception {
    try (RawConnection connection = new RawConnection(service.port())) {
      send(connection, request, headers, body);
      see(connection.read());
    }
  }

  private static void send(RawConnection connection, String request, String headers, byte[] body)
      throws Exception {
    connection.send(
        "%s HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n%s\r\n\r\n"
            .formatted(request, body.length, headers)
            .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    connection.send(body);
  }

  private void see(Answer answer) throws Exception {
    JsonNode problem = MAPPER.readTree(answer.body());
    String code = problem.path("type").asText().replace("urn:glimpse:problem:", "");
    Failure failure = Failure.valueOf(code.replace('-', '_').toUpperCase(Locale.ROOT));

    assertThat(answer.status()).isEqualTo(failure.status());
    assertThat(answer.headers()).containsEntry("content-type", Problem.MEDIA_TYPE);
    assertThat(answer.headers().containsKey("retry-after")).isEqualTo(failure.retryable());
    assertThat(problem.path("status").asInt()).isEqualTo(failure.status());
    assertThat(problem.path("title").asText()).isEqualTo(failure.title());
    assertThat(problem.path("detail").asText()).isNotEmpty();
    assertThat(problem.path("id").asText()).isEqualTo(answer.headers().get("x-request-id"));
    seen.add(failure);
  }
}
