package dev.glimpse.redis;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.config.RedisConfig;
import dev.glimpse.failure.AsyncFailures;
import dev.glimpse.metrics.RedisMetrics;
import dev.glimpse.metrics.RedisMetrics.Command;
import dev.glimpse.threads.DaemonThreads;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends commands to the Redis of {@code glimpse.redis.url}. Connects in the background when it is
 * first asked for something. Each command is answered within {@code glimpse.redis.timeout}, with
 * "not available" if need be, and none fails. Results are completed by any thread. The methods but
 * {@link #isOn} need that setting. For many threads at once.
 */
@ApplicationScoped
public class RedisClient {

  /** For commands with bodies of many images, of which one may be as large as a request. */
  private static final Duration LARGE_TIMEOUT = Duration.ofSeconds(10);

  private final RedisConfig config;
  private final RedisMetrics metrics;
  private final Vertx vertx;
  private volatile @Nullable RedisLink link;
  private @Nullable RedisLink large;

  @Inject
  public RedisClient(GlimpseConfig config, MeterRegistry meters, Vertx vertx) {
    this.config = config.redis();
    this.metrics = new RedisMetrics(meters);
    this.vertx = vertx;
  }

  /** Returns whether {@code glimpse.redis.url} is set. */
  public boolean isOn() {
    return config.url().isPresent();
  }

  /** Returns what this service's keys begin with. */
  public String prefix() {
    return config.prefix();
  }

  /** Starts to connect, so that the first command finds a connection. */
  public void open() {
    var unused = link();
  }

  /**
   * Runs a script on one key, in one round trip but for the first time.
   *
   * @return the numbers that the script returns; empty if Redis is not available
   */
  public CompletableFuture<Optional<List<Long>>> run(
      Script script, String key, List<String> arguments) {
    return link()
        .send(
            Command.LIMIT,
            connection ->
                orIfUnknown(
                    connection.evalSha(script, key, arguments),
                    () -> connection.eval(script, key, arguments)))
        .thenApply(reply -> reply.map(Reply::numbers));
  }

  /** Sends a script itself if Redis does not know its hash. */
  private static CompletionStage<Reply> orIfUnknown(
      CompletionStage<Reply> byHash, Supplier<CompletionStage<Reply>> whole) {
    return byHash.exceptionallyCompose(failure ->
        AsyncFailures.cause(failure) instanceof RedisException known && known.isNoScript()
            ? whole.get()
            : CompletableFuture.failedStage(failure));
  }

  /**
   * Reads a value.
   *
   * @return empty if the key does not exist, or Redis is not available
   */
  public CompletableFuture<Optional<byte[]>> get(String key) {
    return link()
        .send(Command.FIND, connection -> connection.get(key))
        .thenApply(reply -> reply.flatMap(known -> Optional.ofNullable(known.bytes())));
  }

  /** Writes a value without waiting for it; if Redis is not available, nothing is written. */
  public void set(String key, byte[] value, Duration ttl) {
    CompletionStage<?> unused =
        link().send(Command.STORE, connection -> connection.set(key, value, ttl));
  }

  /** Starts to open the connection of {@link #values}. */
  public void openLarge() {
    var unused = largeLink();
  }

  /**
   * Runs a script on a key that may take and return much, over a connection of its own, so that it
   * delays no other command, and with a time-out of its own.
   *
   * @return the texts that the script returns; empty if Redis is not available
   */
  public CompletableFuture<Optional<List<byte[]>>> values(
      Script script, String key, List<byte[]> arguments) {
    return largeLink()
        .send(
            Command.JOB,
            connection ->
                orIfUnknown(
                    connection.values(script, true, key, arguments),
                    () -> connection.values(script, false, key, arguments)))
        .thenApply(reply -> reply.map(Reply::values));
  }

  private synchronized RedisLink largeLink() {
    RedisLink known = large;
    if (known == null) {
      known = newLink(LARGE_TIMEOUT, "accepts no requests to answer later, and works on none");
      large = known;
      known.open();
    }
    return known;
  }

  private RedisLink link() {
    RedisLink known = link;
    return known == null ? newLink() : known;
  }

  private synchronized RedisLink newLink() {
    RedisLink known = link;
    if (known == null) {
      known = newLink(config.timeout(), "limits rates and caches results for itself");
      link = known;
      known.open();
    }
    return known;
  }

  private RedisLink newLink(Duration timeout, String meanwhile) {
    RedisUrl url =
        config
            .url()
            .map(RedisUrl::of)
            .orElseThrow(() -> new ConfigurationException("glimpse.redis.url is not set."));
    return new RedisLink(
        url.server(),
        config.prefix(),
        new VertxConnector(vertx, url),
        timeout,
        newTimer(),
        System::nanoTime,
        metrics,
        meanwhile);
  }

  private static RedisLink.Timer newTimer() {
    ScheduledThreadPoolExecutor thread =
        new ScheduledThreadPoolExecutor(1, DaemonThreads.named("redis"));
    thread.setRemoveOnCancelPolicy(true); // nearly every timer is cancelled before it fires
    return (nanos, action) -> {
      Future<?> timer = thread.schedule(action, nanos, TimeUnit.NANOSECONDS);
      return () -> timer.cancel(false);
    };
  }

  /** Closes the connection, before Vert.x does it, which would be reported. */
  synchronized void close(@Observes ShutdownEvent event) {
    for (RedisLink open : new @Nullable RedisLink[] {link, large}) {
      if (open != null) {
        open.close();
      }
    }
  }
}
