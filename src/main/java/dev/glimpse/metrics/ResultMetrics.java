package dev.glimpse.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.function.IntSupplier;

/** Counts jobs, which are requests that are answered later. Any thread may call it. */
public final class ResultMetrics {

  /** What became of an attempt to send a result. */
  public enum Sent {
    /** Its receiver has accepted it. */
    ACKNOWLEDGED,
    /** It is sent again. */
    FAILED,
    /** The receiver has answered with a status that it would answer with again. */
    REJECTED
  }

  private final MeterRegistry registry;
  private final Counter accepted;

  /** Registers the counters, so that each begins with 0. */
  public ResultMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.accepted =
        Counter.builder("glimpse.results.accepted")
            .description("Jobs that were accepted, to be answered later")
            .register(registry);
    counter(true);
    counter(false);
  }

  private Counter counter(boolean succeeded) {
    return Counter.builder("glimpse.results.finished")
        .description("Jobs that were finished, by outcome")
        .tag("outcome", succeeded ? "done" : "failed")
        .register(registry);
  }

  /** Registers the counters of results that are sent, so that each begins with 0. */
  public void watchSent() {
    for (Sent outcome : Sent.values()) {
      sentCounter(outcome);
    }
  }

  private Counter sentCounter(Sent outcome) {
    return Counter.builder("glimpse.results.callbacks")
        .description("Attempts to send a result to its callback, by outcome")
        .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
        .register(registry);
  }

  /** Counts an attempt to send a result. */
  public void sent(Sent outcome) {
    sentCounter(outcome).increment();
  }

  /** Registers a gauge of the jobs that are pending. */
  public void watch(IntSupplier pending) {
    Gauge.builder("glimpse.results.pending", pending::getAsInt)
        .description("Jobs that are not finished")
        .register(registry);
  }

  /** Counts a job that was accepted. */
  public void accepted() {
    accepted.increment();
  }

  /**
   * Counts a job that was finished.
   *
   * @param succeeded whether its response is no error; one of several images counts as a success
   */
  public void finished(boolean succeeded) {
    counter(succeeded).increment();
  }
}
