package dev.glimpse.api.connections;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.RawConnection;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Attacks a server that does nothing but answer. */
class HostileConnectionsTest extends HostileConnections {

  private static final Buffer LARGE = Buffer.buffer(new byte[100_000]);
  private static final CountDownLatch CLOSED = new CountDownLatch(2);
  private static Vertx vertx;
  private static HttpServer server;

  @BeforeAll
  static void start() throws Exception {
    vertx = Vertx.vertx();
    Router router = Router.router(vertx);
    router.route().handler(ConnectionProtection::countUnread);
    router
        .route()
        .handler(context -> {
          String id = context.request().getHeader("X-Request-ID");
          context.response().putHeader("X-Request-ID", id == null ? "none" : id);
          context.next();
        });
    router.route("/q/openapi").handler(context -> context.response().end(LARGE));
    router
        .route("/predict")
        .handler(context -> {
          if (context.request().getHeader("Expect") != null) {
            context.response().writeContinue();
          }
          context.request().endHandler(end -> context.response().end("{}"));
        });
    router.route("/never").handler(HostileConnectionsTest::close);
    router.route("/q/*").handler(context -> context.response().end("{}"));
    server =
        GuardedServer.start(
            vertx,
            HostileConnections.SETTINGS,
            new HttpServerOptions().setMaxChunkSize(8192),
            router);
  }

  /** Closes the connection when the next request has arrived, and answers nothing. */
  private static void close(RoutingContext context) {
    HttpConnection connection = context.request().connection();
    context.addEndHandler(ended -> CLOSED.countDown());
    connection.closeHandler(closed -> CLOSED.countDown());
    vertx.setTimer(200, id -> connection.close());
  }

  @Test
  void theEndOfAConnectionIsNoticedWhileAnotherRequestWaits() throws Exception {
    try (RawConnection connection = new RawConnection(port())) {
      String second = "POST /predict HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n123";
      connection.send(
          ("GET /never HTTP/1.1\r\nHost: a\r\n\r\n" + second).getBytes(StandardCharsets.US_ASCII));
      assertThat(connection.ends()).isTrue();
    }
    assertThat(CLOSED.await(5, TimeUnit.SECONDS)).isTrue();
  }

  @Nested
  class Pipelining extends PipeliningClients {

    @Override
    protected int port() {
      return server.actualPort();
    }
  }

  @AfterAll
  static void stop() {
    vertx.close();
  }

  @Override
  int port() {
    return server.actualPort();
  }

  /** This server has one thread, which the attacks keep busy, too, and new code. */
  @Override
  Duration atOnce() {
    return Duration.ofSeconds(3);
  }
}
