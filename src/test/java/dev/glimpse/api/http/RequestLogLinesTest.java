package dev.glimpse.api.http;

import static dev.glimpse.support.Polling.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.Configs;
import dev.glimpse.support.LogLines;
import dev.glimpse.support.RawConnection;
import io.quarkus.runtime.ShutdownEvent;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The lines of requests that a server really gets. */
@Timeout(30)
class RequestLogLinesTest {

  private static Vertx vertx;

  private final AtomicLong clock = new AtomicLong();
  private final LogLines log = LogLines.of("dev.glimpse.requests");
  private RequestLog requests;
  private HttpServer server;

  @BeforeAll
  static void create() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void destroy() {
    vertx.close();
  }

  @AfterEach
  void stop() {
    log.close();
    server.close();
  }

  @Test
  void failuresAreLoggedByDefault() throws Exception {
    start("failures");
    send("GET /ok HTTP/1.1\r\nHost: a\r\nX-Request-ID: id-1\r\n\r\n");
    send(
        "POST /fail?secret=1 HTTP/1.1\r\n"
            + "Host: a\r\n"
            + "X-Request-ID: id-2\r\n"
            + "Content-Length: 3\r\n\r\n"
            + "abc");
    send("GET /fault HTTP/1.1\r\nHost: a\r\nX-Request-ID: id-3\r\n\r\n");
    try (RawConnection connection = new RawConnection(server.actualPort())) {
      connection.send(bytes("GET /never HTTP/1.1\r\nHost: a\r\nX-Request-ID: id-4\r\n\r\n"));
    }

    await().until(() -> log.lines().size() >= 3);
    assertThat(log.lines())
        .containsExactly(
            "INFO POST /fail 422 code=unreadable-image model=flowers ms=7 bytes=3 id=id-2",
            "WARN GET /fault 500 code=internal model=- ms=0 bytes=0 id=id-3",
            "INFO GET /never 499 code=client-gone model=- ms=0 bytes=0 id=id-4");
  }

  @Test
  void allRequestsAreLogged() throws Exception {
    start("all");
    send("GET /ok HTTP/1.1\r\nHost: a\r\nX-Request-ID: id-1\r\n\r\n");

    await().until(() -> !log.lines().isEmpty());
    assertThat(log.lines()).containsExactly("INFO GET /ok 200 code=- model=- ms=0 bytes=0 id=id-1");
  }

  @Test
  void noneAreLogged() throws Exception {
    start("none");
    send("GET /ok HTTP/1.1\r\nHost: a\r\n\r\n");
    send("GET /fault HTTP/1.1\r\nHost: a\r\n\r\n");
    requests.refused("GET", "/", dev.glimpse.failure.Failure.MALFORMED_REQUEST, "id");
    requests.stop(new ShutdownEvent());

    assertThat(log.lines()).isEmpty();
  }

  @Test
  void tenLinesAreWrittenInASecondAndTheOthersCounted() throws Exception {
    start("failures");
    for (int i = 0; i < 14; i++) {
      send("GET /fault HTTP/1.1\r\nHost: a\r\n\r\n");
    }
    await().until(() -> log.lines().size() == 10);
    clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
    send("GET /fault HTTP/1.1\r\nHost: a\r\nX-Request-ID: last\r\n\r\n");

    await().until(() -> log.lines().size() == 12);
    assertThat(log.lines().get(10)).isEqualTo("INFO 4 more requests were not logged.");
    assertThat(log.lines().get(11)).endsWith("id=last");
  }

  @Test
  void whatIsLeftOutIsCountedAtTheEndToo() throws Exception {
    start("failures");
    for (int i = 0; i < 11; i++) {
      send("GET /fault HTTP/1.1\r\nHost: a\r\n\r\n");
    }
    await()
        .until(() -> {
          requests.stop(new ShutdownEvent());
          return log.lines().contains("INFO 1 more requests were not logged.");
        });
  }

  private void start(String which) throws Exception {
    requests = new RequestLog(Configs.of(Map.of("glimpse.log.requests", which)), clock::get);
    Router router = Router.router(vertx);
    if (!which.equals("none")) { // as register() does
      router.route().handler(requests::begin);
    }
    router.route().handler(RequestId::assign);
    router.route("/ok").handler(context -> context.response().end("ok"));
    router
        .route("/fault")
        .handler(context -> {
          RequestLog.failed(context, "internal");
          context.response().setStatusCode(500).end();
        });
    router
        .route("/fail")
        .handler(context -> {
          RequestLog.model(context, "flowers");
          RequestLog.failed(context, "unreadable-image");
          clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(7));
          context.request().endHandler(end -> context.response().setStatusCode(422).end());
        });
    router.route("/never").handler(context -> {});
    server =
        vertx
            .createHttpServer()
            .requestHandler(router)
            .listen(0)
            .toCompletionStage()
            .toCompletableFuture()
            .get(5, TimeUnit.SECONDS);
  }

  private void send(String request) throws IOException {
    try (RawConnection connection = new RawConnection(server.actualPort())) {
      connection.send(bytes(request));
      connection.read();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
