package dev.glimpse.api.connections;

import dev.glimpse.api.http.RequestLog;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.metrics.RefusedRequests;
import dev.glimpse.support.Configs;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Starts servers whose connections are protected as the service's are. */
final class GuardedServer {

  private GuardedServer() {}

  /** Starts one on a free port; it ends with Vert.x. */
  static HttpServer start(
      Vertx vertx,
      Map<String, String> settings,
      HttpServerOptions options,
      Handler<HttpServerRequest> handler)
      throws Exception {
    GlimpseConfig config = Configs.of(settings);
    ConnectionProtection protection =
        new ConnectionProtection(
            vertx,
            config,
            new RequestLog(config),
            new RefusedRequests(new SimpleMeterRegistry()),
            port -> {});
    if (options.isSsl()) {
      protection.customizeHttpsServer(options);
    } else {
      protection.customizeHttpServer(options);
    }
    HttpServer server =
        vertx
            .createHttpServer(options)
            .requestHandler(handler)
            .listen(0)
            .toCompletionStage()
            .toCompletableFuture()
            .get(5, TimeUnit.SECONDS);
    protection.guardPorts();
    Thread.sleep(100);
    return server;
  }
}
