package dev.glimpse.events;

import dev.glimpse.events.Delivered.Outcome;
import dev.glimpse.failure.Outage;
import dev.glimpse.metrics.EventMetrics;
import dev.glimpse.metrics.EventMetrics.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * Sends the events of a queue to a sink, in their order, on a thread of its own. While the sink
 * fails, one event is sent at growing intervals until it is accepted; events that have become too
 * old meanwhile are dropped.
 */
final class Delivery implements Runnable {

  private static final Logger LOG = Logger.getLogger("dev.glimpse.events");

  static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  static final Duration LAST_PAUSE = Duration.ofSeconds(10);

  private final EventQueue queue;
  private final Sink sink;
  private final EventAttributes attributes;
  private final EventMetrics metrics;
  private final long maxAge;
  private final LongSupplier clock;
  private final Outage outage;
  private final List<QueuedEvent> unsent = new ArrayList<>();
  private Duration pause = FIRST_PAUSE;
  private boolean failing;
  private boolean faultLogged;

  /**
   * Prepares the delivery.
   *
   * @param maxAge how old events may become
   * @param clock in nanoseconds
   */
  Delivery(
      EventQueue queue,
      Sink sink,
      EventAttributes attributes,
      EventMetrics metrics,
      Duration maxAge,
      LongSupplier clock) {
    this.queue = queue;
    this.sink = sink;
    this.attributes = attributes;
    this.metrics = metrics;
    this.maxAge = maxAge.toNanos();
    this.clock = clock;
    this.outage = new Outage(clock);
  }

  /** Sends events until the queue is closed and empty, or the thread is interrupted. */
  @Override
  public void run() {
    try {
      boolean more = true;
      while (more) {
        more = step();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // there is no more time
    } finally {
      sink.close();
    }
  }

  /** Waits for events and sends them once; returns false at the end. */
  private boolean step() throws InterruptedException {
    Duration wait;
    try {
      if (!fill()) {
        return false;
      }
      wait = sendOnce();
    } catch (RuntimeException | Error e) { // such as for lack of memory: the thread must not end
      logFault(e);
      wait = FIRST_PAUSE;
    }
    if (!wait.isZero()) {
      queue.pause(wait.toNanos());
    }
    return true;
  }

  /** Waits until there are events to send; returns false at the end. */
  boolean fill() throws InterruptedException {
    while (unsent.isEmpty()) {
      List<QueuedEvent> next = queue.take(sink.most());
      if (next.isEmpty()) {
        return false;
      }
      unsent.addAll(next);
      dropOld();
    }
    return true;
  }

  /** Sends what is unsent, or a part of it; returns how long to wait before the next time. */
  Duration sendOnce() throws InterruptedException {
    dropOld();
    if (unsent.isEmpty()) {
      return Duration.ZERO;
    }
    List<QueuedEvent> now = unsent.subList(0, failing ? 1 : unsent.size());
    Delivered delivered;
    try {
      delivered =
          sink.send(
              now.stream()
                  .map(event -> attributes.event(event.type(), event.prediction()))
                  .toList());
    } catch (RuntimeException | Error e) {
      logFault(e);
      drop(now, Reason.INTERNAL);
      return Duration.ZERO;
    }
    return settle(now, delivered);
  }

  private Duration settle(List<QueuedEvent> sent, Delivered delivered) {
    List<QueuedEvent> failed = new ArrayList<>();
    List<QueuedEvent> done = new ArrayList<>();
    for (int i = 0; i < sent.size(); i++) {
      (delivered.outcomes().get(i) == Outcome.FAILED ? failed : done).add(sent.get(i));
    }
    sent.clear();
    unsent.addAll(0, failed);
    queue.release(done);
    metrics.sent(delivered.count(Outcome.ACCEPTED));
    metrics.dropped(Reason.REJECTED, delivered.count(Outcome.REJECTED));
    delivered.reason().ifPresentOrElse(this::away, this::back);
    failing = !failed.isEmpty();
    return failing ? nextPause(delivered.pause()) : noPause();
  }

  /**
   * Logs that events are not accepted, if the log does not say so already.
   *
   * @param reason as the rest of a sentence about the sink
   */
  private void away(String reason) {
    if (outage.failed()) {
      LOG.warnf(
          "Events of predictions are not accepted: %s %s. Predictions are answered as before;"
              + " glimpse_events_dropped_total counts the events that are dropped.",
          sink.name(), reason);
    }
  }

  private void back() {
    if (outage.worked()) {
      LOG.infof("Events of predictions are accepted again by %s.", sink.name());
    }
  }

  private Duration noPause() {
    pause = FIRST_PAUSE;
    return Duration.ZERO;
  }

  /** Returns a pause, about twice as long each time, so that instances do not come all at once. */
  private Duration nextPause(Duration least) {
    if (queue.isClosed()) {
      return FIRST_PAUSE; // there is little time left
    }
    long nanos = (long) (pause.toNanos() * ThreadLocalRandom.current().nextDouble(0.75, 1.25));
    Duration doubled = pause.multipliedBy(2);
    pause = doubled.compareTo(LAST_PAUSE) < 0 ? doubled : LAST_PAUSE;
    return Duration.ofNanos(Math.max(nanos, least.toNanos()));
  }

  private void dropOld() {
    long now = clock.getAsLong();
    int old = 0; // the oldest come first
    while (old < unsent.size() && now - unsent.get(old).added() > maxAge) {
      old++;
    }
    drop(unsent.subList(0, old), Reason.EXPIRED);
  }

  private void drop(List<QueuedEvent> events, Reason reason) {
    metrics.dropped(reason, events.size());
    queue.release(events);
    events.clear();
  }

  /** Logs one failure, as each of many events may fail in the same way. */
  private void logFault(Throwable e) {
    if (!faultLogged) {
      faultLogged = true;
      try {
        LOG.warn(
            "An event of a prediction could not be written; further failures are not logged.", e);
      } catch (RuntimeException | Error again) {
        // There is not even memory for a line in the log; the events are counted as dropped.
      }
    }
  }
}
