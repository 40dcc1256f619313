package dev.glimpse.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Records the metrics of Redis, where it is used. */
public final class RedisMetrics {

  /** What Redis is asked for. */
  public enum Command {
    /** Counts a request against its caller's rate. */
    LIMIT,
    /** Reads a cached result. */
    FIND,
    /** Writes a result. */
    STORE,
    /** Keeps or finds a request that is answered later. */
    JOB
  }

  /** How a command ended. */
  public enum Outcome {
    OK,
    /** No answer came within {@code glimpse.redis.timeout}. */
    TIMEOUT,
    /** Redis has answered with an error, or the connection has ended. */
    ERROR
  }

  private final MeterRegistry registry;
  private final List<BooleanSupplier> connections = new CopyOnWriteArrayList<>();

  public RedisMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  /**
   * Registers a gauge that is 1 while Redis is used, and 0 while it is away from any of the
   * connections that are watched.
   */
  public void watch(BooleanSupplier connected) {
    connections.add(connected);
    Gauge.builder(
            "glimpse.redis.connected",
            () -> connections.stream().allMatch(BooleanSupplier::getAsBoolean) ? 1 : 0)
        .description("1 while Redis is used, 0 while it is away")
        .register(registry);
  }

  /** Records how long a command took. */
  public void took(Command command, Outcome outcome, long nanos) {
    Timer.builder("glimpse.redis.commands")
        .description("Time until Redis has answered, by command and outcome")
        .tag("command", lower(command))
        .tag("outcome", lower(outcome))
        .register(registry)
        .record(nanos, TimeUnit.NANOSECONDS);
  }

  /** Counts a command that was not sent because Redis is away. */
  public void skipped(Command command) {
    Counter.builder("glimpse.redis.skipped")
        .description("Commands that were not sent because Redis is away")
        .tag("command", lower(command))
        .register(registry)
        .increment();
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
