package dev.glimpse.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.function.IntSupplier;

/** Counts the events of predictions, where they are logged. Any thread may call it. */
public final class EventMetrics {

  /** Why an event was dropped. */
  public enum Reason {
    /** Too many waited. */
    QUEUE_FULL,
    /** It waited for longer than {@code glimpse.events.retry}. */
    EXPIRED,
    /** The receiver has answered with a status that it would answer with again. */
    REJECTED,
    /** The service has ended before it was sent. */
    SHUTDOWN,
    /** It could not be written; the log says why. */
    INTERNAL
  }

  private final MeterRegistry registry;
  private final Counter sent;

  /** Registers the counters, so that each begins with 0. */
  public EventMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.sent =
        Counter.builder("glimpse.events.sent")
            .description("Events of predictions that their receiver has accepted")
            .register(registry);
    for (Reason reason : Reason.values()) {
      dropped(reason);
    }
  }

  private Counter dropped(Reason reason) {
    return Counter.builder("glimpse.events.dropped")
        .description("Events of predictions that were dropped, by reason")
        .tag("reason", reason.name().toLowerCase(Locale.ROOT).replace('_', '-'))
        .register(registry);
  }

  /** Registers a gauge of the events that wait. */
  public void watch(IntSupplier waiting) {
    Gauge.builder("glimpse.events.queue.depth", waiting::getAsInt)
        .description("Events of predictions that wait to be sent")
        .register(registry);
  }

  /** Counts events that have been accepted. */
  public void sent(int count) {
    sent.increment(count);
  }

  /** Counts events that were dropped. */
  public void dropped(Reason reason, int count) {
    dropped(reason).increment(count);
  }
}
