package dev.glimpse.api.management;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.config.ListenAddress;
import dev.glimpse.failure.AsyncFailures;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.vertx.http.runtime.VertxHttpRecorder;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletionException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Opens {@code glimpse.management.listen}, where it is set, once the models are loaded, and keeps
 * it open until requests have been drained. Quarkus has such a port too, but only for programs that
 * are built for it: then it can be neither off nor on where the program runs.
 */
@ApplicationScoped
public class ManagementPort {

  private static final Logger LOG = Logger.getLogger(ManagementPort.class);

  private static final int AFTER_THE_MODELS = Interceptor.Priority.PLATFORM_AFTER;

  private final Vertx vertx;
  private final Optional<ListenAddress> setting;
  private volatile @Nullable HttpServer server;

  ManagementPort(
      Vertx vertx,
      GlimpseConfig config,
      @ConfigProperty(name = "quarkus.http.host") String serviceHost) {
    this.vertx = vertx;
    this.setting =
        config.management().listen().map(listen -> ListenAddress.parse(listen, serviceHost));
  }

  /** Returns whether there is such a port. */
  boolean isOn() {
    return setting.isPresent();
  }

  /** Returns the port that is open; empty if none is. Any thread may call it. */
  public OptionalInt number() {
    HttpServer open = server;
    return open == null ? OptionalInt.empty() : OptionalInt.of(open.actualPort());
  }

  /**
   * Opens the port.
   *
   * @throws ConfigurationException if that fails
   */
  void open(@Observes @Priority(AFTER_THE_MODELS) StartupEvent event) {
    setting.ifPresent(this::open);
  }

  private void open(ListenAddress address) {
    HttpServerOptions options =
        new HttpServerOptions().setHost(address.host()).setPort(address.port());
    try {
      server =
          vertx
              .createHttpServer(options)
              .requestHandler(VertxHttpRecorder.getRootHandler())
              .listen()
              .toCompletionStage()
              .toCompletableFuture()
              .join();
    } catch (CompletionException e) {
      throw new ConfigurationException(
          "The management port cannot be opened at %s (glimpse.management.listen): %s."
              .formatted(address, AsyncFailures.cause(e).getMessage()),
          e);
    }
    LOG.infof("Management port: %s", address.withPort(number().orElse(0)));
  }

  void close(@Observes ShutdownEvent event) {
    HttpServer open = server;
    if (open != null) {
      var unused = open.close();
    }
  }
}
