package dev.glimpse.redis;

import dev.glimpse.failure.AsyncFailures;
import dev.glimpse.metrics.RedisMetrics;
import dev.glimpse.metrics.RedisMetrics.Command;
import dev.glimpse.metrics.RedisMetrics.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Holds a connection to Redis, and does without it while it is away: a command is answered in time
 * or counts as failed, and once several of one kind in a row have failed, or the connection has
 * ended, no more are sent until a new connection has proved to work. Connections are opened in the
 * background, at growing intervals. Going away is logged once, and coming back, too. For many
 * threads at once.
 */
final class RedisLink {

  private static final Logger LOG = Logger.getLogger(RedisLink.class);

  /** For TCP, TLS and the login. */
  static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);

  static final Duration FIRST_RETRY = Duration.ofMillis(100);
  static final Duration LAST_RETRY = Duration.ofSeconds(5);

  /** After which a connection counts as stable, so that the next one is opened soon again. */
  static final Duration STABLE = Duration.ofSeconds(10);

  /**
   * The first commands find cold code, and a busy machine may be late itself: one in time will do.
   */
  static final int PROBES = 20;

  static final Duration PROBE_PAUSE = Duration.ofMillis(25);

  /**
   * Writes, reads the clock and runs a script, as the commands of the service do; the answer is the
   * argument, milliseconds for which the key is kept.
   */
  private static final Script PROBE =
      Script.of(
          """
          redis.call('SET', KEYS[1], redis.call('TIME')[1], 'PX', ARGV[1])
          return {tonumber(ARGV[1])}
          """);

  private static final long PROBE_TTL = 1000;

  /** Starts timers. */
  interface Timer {

    /**
     * Starts a timer.
     *
     * @param nanos the delay
     * @param action must be quick
     * @return cancels it
     */
    Runnable after(long nanos, Runnable action);
  }

  private final String server;
  private final String meanwhile;
  private final String probeKey;
  private final Connection.Connector connector;
  private final Duration timeout;
  private final Timer timer;
  private final LongSupplier clock;
  private final RedisMetrics metrics;

  /** Null while Redis is away. Written with the lock. */
  private volatile @Nullable Connection connection;

  private final FailureStreaks failures = new FailureStreaks();
  private long connectedAt;
  private Duration retry = FIRST_RETRY;
  private boolean reported;
  private boolean closed;

  /**
   * Creates a link that is not connected yet.
   *
   * @param server its address for the log, without user and password
   * @param timeout for each command
   * @param clock in nanoseconds
   * @param meanwhile what this instance does while Redis is away, as the rest of a sentence
   */
  RedisLink(
      String server,
      String prefix,
      Connection.Connector connector,
      Duration timeout,
      Timer timer,
      LongSupplier clock,
      RedisMetrics metrics,
      String meanwhile) {
    this.meanwhile = meanwhile;
    this.server = server;
    this.probeKey = prefix + "probe";
    this.connector = connector;
    this.timeout = timeout;
    this.timer = timer;
    this.clock = clock;
    this.metrics = metrics;
    metrics.watch(() -> connection != null);
  }

  /** Starts to connect, in the background. */
  void open() {
    timer.after(0, this::connect);
  }

  /** Closes the connection for good; later commands are not sent. Reports nothing. */
  void close() {
    Connection last;
    synchronized (this) {
      closed = true;
      last = connection;
      connection = null;
    }
    if (last != null) {
      last.close();
    }
  }

  /**
   * Sends a command.
   *
   * @param command its name for metrics
   * @param sending sends it
   * @return empty if Redis is away, has failed, or has not answered in time; never fails
   */
  CompletableFuture<Optional<Reply>> send(
      Command command, Function<Connection, CompletionStage<Reply>> sending) {
    Connection now = connection;
    if (now == null) {
      metrics.skipped(command);
      return CompletableFuture.completedFuture(Optional.empty());
    }
    long start = clock.getAsLong();
    return inTime(now, sending)
        .handle((reply, failure) -> {
          long nanos = clock.getAsLong() - start;
          if (failure == null) {
            metrics.took(command, Outcome.OK, nanos);
            failures.succeeded(command);
            return Optional.of(reply);
          }
          Throwable cause = AsyncFailures.cause(failure);
          boolean late = cause instanceof TimedOut;
          metrics.took(command, late ? Outcome.TIMEOUT : Outcome.ERROR, nanos);
          if (failures.failed(command, clock.getAsLong())) {
            lost(now, reason(cause));
          }
          return Optional.<Reply>empty();
        });
  }

  /** Marks a command that was not answered in time. */
  private static final class TimedOut extends RuntimeException {

    private static final long serialVersionUID = 1L;

    TimedOut() {
      super(null, null, false, false);
    }
  }

  private CompletableFuture<Reply> inTime(
      Connection to, Function<Connection, CompletionStage<Reply>> sending) {
    CompletableFuture<Reply> result = new CompletableFuture<>();
    Runnable cancel =
        timer.after(timeout.toNanos(), () -> result.completeExceptionally(new TimedOut()));
    var unused =
        sent(to, sending)
            .whenComplete((reply, failure) -> {
              cancel.run();
              AsyncFailures.complete(result, reply, failure);
            });
    return result;
  }

  private static CompletionStage<Reply> sent(
      Connection to, Function<Connection, CompletionStage<Reply>> sending) {
    try {
      return sending.apply(to);
    } catch (RuntimeException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  private String reason(Throwable cause) {
    if (cause instanceof TimedOut) {
      return "does not answer within %d ms".formatted(timeout.toMillis());
    }
    return cause instanceof RedisException known
        ? known.reason()
        : "fails with " + cause.getClass().getSimpleName();
  }

  private void connect() {
    CompletableFuture<Connection> attempt = connector.connect();
    Runnable cancel =
        timer.after(
            CONNECT_TIMEOUT.toNanos(),
            () ->
                attempt.completeExceptionally(
                    new RedisException(
                        "does not accept a connection within %d ms"
                            .formatted(CONNECT_TIMEOUT.toMillis()))));
    var unused =
        attempt.whenComplete((opened, failure) -> {
          cancel.run();
          if (failure == null) {
            probe(opened, PROBES);
          } else {
            away(reason(AsyncFailures.cause(failure)));
          }
        });
  }

  /** Uses a connection once it has answered a command rightly and in time. */
  private void probe(Connection opened, int left) {
    long number = PROBE_TTL + left;
    var unused =
        inTime(opened, to -> to.eval(PROBE, probeKey, List.of(Long.toString(number))))
            .thenAccept(reply -> {
              if (!reply.numbers().equals(List.of(number))) {
                throw new RedisException("answers something else than was asked");
              }
            })
            .whenComplete((right, failure) -> {
              if (failure == null) {
                use(opened);
              } else if (left > 1 && AsyncFailures.cause(failure) instanceof TimedOut) {
                timer.after(PROBE_PAUSE.toNanos(), () -> probe(opened, left - 1));
              } else {
                opened.close();
                away(reason(AsyncFailures.cause(failure)));
              }
            });
  }

  private void use(Connection opened) {
    synchronized (this) {
      if (closed) {
        opened.close();
        return;
      }
      connection = opened;
      connectedAt = clock.getAsLong();
      failures.clear();
      if (reported) {
        reported = false;
        LOG.infof("Redis at %s is back, and is used again.", server);
      }
    }
    opened.onEnd(reason -> lost(opened, reason));
  }

  private void lost(Connection with, String reason) {
    synchronized (this) {
      if (!with.equals(connection)) {
        return; // is replaced already
      }
      connection = null;
      if (clock.getAsLong() - connectedAt >= STABLE.toNanos()) {
        retry = FIRST_RETRY;
      }
    }
    with.close();
    away(reason);
  }

  private void away(String reason) {
    Duration pause;
    synchronized (this) {
      if (closed) {
        return;
      }
      if (!reported) {
        reported = true;
        LOG.warnf(
            "Redis at %s is not used, because it %s. Until it is back, this instance %s; it tries"
                + " again in the background.",
            server, reason, meanwhile);
      }
      pause = retry;
      Duration doubled = retry.multipliedBy(2);
      retry = doubled.compareTo(LAST_RETRY) < 0 ? doubled : LAST_RETRY;
    }
    timer.after(pause.toNanos(), this::connect);
  }
}
