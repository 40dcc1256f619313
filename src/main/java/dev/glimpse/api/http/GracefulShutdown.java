package dev.glimpse.api.http;

import dev.glimpse.config.GlimpseConfig;
import io.netty.channel.Channel;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpConnection;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * Drains requests between SIGTERM and the end of the process. Clients and load balancers learn of
 * the shutdown later than the service does: readiness fails at once, every response closes its
 * connection (of gRPC when its calls have ended, see {@link LeavingConnection}), and requests are
 * answered for as long as they keep coming (see {@code glimpse.drain}). Then no more connections
 * are made (see {@link NewConnections}), the requests that have arrived are answered, the port
 * closes (see {@link PortClose}), and only after that does the rest of the service close.
 */
@ApplicationScoped
public class GracefulShutdown {

  private static final Logger LOG = Logger.getLogger(GracefulShutdown.class);

  /** Runs before all other filters, so that every request in flight is counted. */
  private static final int FIRST = 20_000;

  /** How long an old connection may still send a request when no more are made. */
  private static final Duration LAST_CALL = Duration.ofMillis(250);

  private static final Duration LONGEST_LAST_CALL = Duration.ofSeconds(2);
  private static final long LOOK_EVERY_MILLIS = 20;

  private final Probes probes;
  private final Duration quiet;
  private final Duration max;
  private final LongSupplier clock;
  private final Pause pause;
  private final InFlightRequests traffic;
  private final Set<Channel> ports = ConcurrentHashMap.newKeySet();
  private final LateConnections newcomers;
  private volatile boolean draining;

  /** Sleeps. */
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
    this.probes = new Probes(config);
    this.quiet = config.drain().quiet();
    this.max = config.drain().max();
    this.clock = clock;
    this.pause = pause;
    this.traffic = traffic;
    this.newcomers = new LateConnections(clock);
  }

  void register(@Observes Filters filters) {
    filters.register(this::count, FIRST);
  }

  /** Returns whether the shutdown has begun. */
  public boolean draining() {
    return draining;
  }

  /** Drains on SIGTERM; Quarkus waits for this to return before it closes anything. */
  void drain(@Observes ShutdownDelayInitiatedEvent event) throws InterruptedException {
    draining = true;
    LOG.info("SIGTERM or SIGINT received");
    LOG.infof(
        "Draining: requests are answered until none has come for %d ms, for %d ms at most",
        quiet.toMillis(), max.toMillis());
    newcomers.begin();
    long started = clock.getAsLong();
    if (!await(() -> traffic.quietFor(quiet.toNanos()), max)) {
      traffic.touch();
    }
    long end = clock.getAsLong() + LONGEST_LAST_CALL.toNanos();
    if (turnNewConnectionsAway()) {
      awaitLastRequests(end); // of connections whose handshake is under way, too
    }
    ports.forEach(PortClose::close);
    awaitLastRequests(end);
    LOG.infof("Drained in %d ms", TimeUnit.NANOSECONDS.toMillis(clock.getAsLong() - started));
  }

  /**
   * Says that a port is open; to be called before it has accepted much. Vert.x closes its server
   * only together with all connections; Netty can close the port alone.
   */
  public void opened(Channel port) {
    newcomers.watch(port);
    ports.add(port);
    port.closeFuture().addListener(closed -> ports.remove(port));
  }

  private boolean turnNewConnectionsAway() {
    boolean any = false;
    for (Channel port : ports) {
      any |=
          port.localAddress() instanceof InetSocketAddress address
              && NewConnections.turnAway(address.getPort());
    }
    return any;
  }

  private void awaitLastRequests(long end) throws InterruptedException {
    long lastCall = Math.min(quiet.toNanos(), LAST_CALL.toNanos());
    Duration longest = Duration.ofNanos(Math.max(0, end - clock.getAsLong()));
    await(() -> traffic.quietFor(lastCall) && !newcomers.any(lastCall), longest);
  }

  /** Polls until a condition holds; returns false if that takes too long. */
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
      if (draining && ConnectionClose.announce(context)) {
        context.addEndHandler(ended -> connection.close());
      } else if (draining && GrpcExchange.is(context.request())) {
        LeavingConnection.begin(connection, max);
      }
    });
    if (!probes.contain(context.normalizedPath())) { // they keep coming, and delay nothing
      traffic.begin();
      context.addEndHandler(ended -> traffic.end());
    }
    context.next();
  }
}
