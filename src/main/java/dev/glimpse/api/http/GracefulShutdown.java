package dev.glimpse.api.http;

import dev.glimpse.config.GlimpseConfig;
import io.netty.channel.Channel;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * The way out, between SIGTERM and the end. Whoever sends requests hears of the end later than we
 * do: the probes say so at once, every answer closes its connection, and for as long as requests
 * keep coming (see {@code glimpse.drain}) they are answered. Then the port closes, what has come in
 * through it is answered, and only after that does the rest of the service close. What the kernel
 * has accepted and we have not, in the instant in which the port closes, is reset.
 */
@ApplicationScoped
public class GracefulShutdown {

  private static final Logger LOG = Logger.getLogger(GracefulShutdown.class);

  /** Before everything else, so that nothing is under way unseen. */
  private static final int FIRST = 20_000;

  /** After the port has closed, an old connection may still send a request. */
  private static final Duration LAST_CALL = Duration.ofMillis(250);

  private static final Duration LONGEST_LAST_CALL = Duration.ofSeconds(2);
  private static final long LOOK_EVERY_MILLIS = 20;

  private final Duration quiet;
  private final Duration max;
  private final LongSupplier clock;
  private final Pause pause;
  private final InFlightRequests traffic;
  private final Set<Channel> ports = ConcurrentHashMap.newKeySet();
  private final LateConnections newcomers = new LateConnections();
  private volatile boolean draining;

  /** Waits a while. */
  @FunctionalInterface
  interface Pause {
    void millis(long millis) throws InterruptedException;
  }

  @Inject
  GracefulShutdown(GlimpseConfig config) {
    this(config, System::nanoTime, new InFlightRequests(System::nanoTime), Thread::sleep);
  }

  GracefulShutdown(
      GlimpseConfig config, LongSupplier clock, InFlightRequests traffic, Pause pause) {
    this.quiet = config.drain().quiet();
    this.max = config.drain().max();
    this.clock = clock;
    this.pause = pause;
    this.traffic = traffic;
  }

  void register(@Observes Filters filters) {
    filters.register(this::count, FIRST);
  }

  /** Whether the end has begun. */
  public boolean draining() {
    return draining;
  }

  /** Quarkus says this on SIGTERM and waits for us before it closes anything. */
  void drain(@Observes ShutdownDelayInitiatedEvent event) throws InterruptedException {
    draining = true;
    ports.forEach(newcomers::watch);
    long started = clock.getAsLong();
    if (!await(() -> traffic.quietFor(quiet.toNanos()), max)) {
      traffic.touch();
    }
    ports.forEach(port -> port.close().syncUninterruptibly());
    long lastCall = Math.min(quiet.toNanos(), LAST_CALL.toNanos());
    await(() -> traffic.quietFor(lastCall) && !newcomers.any(), LONGEST_LAST_CALL);
    LOG.debugf("Drained in %d ms", TimeUnit.NANOSECONDS.toMillis(clock.getAsLong() - started));
  }

  /** False if that took too long. */
  private boolean await(BooleanSupplier done, Duration longest) throws InterruptedException {
    long end = clock.getAsLong() + longest.toNanos();
    while (!done.getAsBoolean()) {
      if (clock.getAsLong() >= end) {
        return false;
      }
      pause.millis(LOOK_EVERY_MILLIS);
    }
    return true;
  }

  private void count(RoutingContext context) {
    HttpConnection connection = context.request().connection();
    context.addHeadersEndHandler(head -> {
      if (draining && context.request().version() != HttpVersion.HTTP_2) {
        context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        context.addEndHandler(ended -> connection.close());
      }
    });
    if (!isProbe(context.normalizedPath())) {
      traffic.begin();
      // Vert.x can close its server only with all connections; Netty knows the port by itself.
      if (connection instanceof ConnectionBase netty && netty.channel().parent() != null) {
        ports.add(netty.channel().parent());
      }
      context.addEndHandler(ended -> traffic.end());
    }
    context.next();
  }

  /** Probes come until the end, and are no reason to stay. */
  private static boolean isProbe(String path) {
    return path.startsWith("/q/")
        || path.startsWith("/v2/health/")
        || path.equals("/health")
        || path.equals("/ping");
  }
}
