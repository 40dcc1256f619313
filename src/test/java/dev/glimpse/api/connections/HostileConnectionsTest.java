package dev.glimpse.api.connections;

import dev.glimpse.api.http.RequestLog;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.metrics.RefusedRequests;
import dev.glimpse.support.Configs;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Attacks a server that does nothing but answer. */
class HostileConnectionsTest extends HostileConnections {

  private static final Buffer LARGE = Buffer.buffer(new byte[100_000]);
  private static Vertx vertx;
  private static HttpServer server;

  @BeforeAll
  static void start() throws Exception {
    vertx = Vertx.vertx();
    GlimpseConfig config = Configs.of(HostileConnections.SETTINGS);
    ConnectionProtection protection =
        new ConnectionProtection(
            vertx,
            config,
            new RequestLog(config),
            new RefusedRequests(new SimpleMeterRegistry()),
            port -> {});
    HttpServerOptions options = new HttpServerOptions().setPort(0).setMaxChunkSize(8192);
    protection.customizeHttpServer(options);
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
    router.route("/q/*").handler(context -> context.response().end("{}"));
    server =
        vertx
            .createHttpServer(options)
            .requestHandler(router)
            .listen()
            .toCompletionStage()
            .toCompletableFuture()
            .get(5, TimeUnit.SECONDS);
    protection.guardPorts();
    Thread.sleep(100);
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
