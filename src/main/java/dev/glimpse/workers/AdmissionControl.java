package dev.glimpse.workers;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;

/** Who may come in, and what those hear who may not, or who came in to no end. */
final class AdmissionControl {

  /** When we are gone, somebody else has to be started; that takes about so long. */
  private static final int SECONDS_TO_A_SUCCESSOR = 2;

  private final int workers;
  private final int queueSize;
  private final Duration queueTimeout;
  private final LongSupplier clock;
  private final Semaphore places;
  private final ServiceTimeEstimate pace;

  AdmissionControl(int workers, int queueSize, Duration queueTimeout, LongSupplier clock) {
    this.workers = workers;
    this.queueSize = queueSize;
    this.queueTimeout = queueTimeout;
    this.clock = clock;
    this.places = new Semaphore(workers + queueSize);
    this.pace = new ServiceTimeEstimate(workers);
  }

  Permit admit(Duration patience) {
    if (!places.tryAcquire()) {
      throw overloaded(
          "%d requests are being worked on and %d are waiting; try again soon."
              .formatted(workers, queueSize));
    }
    Duration bound = patience.compareTo(queueTimeout) < 0 ? patience : queueTimeout;
    if (pace.waitBehind(taken() - 1) > bound.toNanos()) {
      places.release();
      throw overloaded(
          "No worker would be free within %d ms; try again soon.".formatted(bound.toMillis()));
    }
    return new Permit(this, now() + patience.toNanos());
  }

  /** Takes a place, unless what is taken already fills the workers and half of the queue. */
  boolean takeSpare() {
    return taken() < workers + queueSize / 2 && places.tryAcquire();
  }

  void release() {
    places.release();
  }

  int taken() {
    return workers + queueSize - places.availablePermits();
  }

  long now() {
    return clock.getAsLong();
  }

  long queueTimeout() {
    return queueTimeout.toNanos();
  }

  ServiceTimeEstimate pace() {
    return pace;
  }

  ServingException waitedTooLong() {
    return new ServingException(
        Failure.QUEUE_TIMEOUT,
        "No worker was free within %d ms; try again soon.".formatted(queueTimeout.toMillis()),
        pace.secondsFor(taken()));
  }

  ServingException deadlinePassed() {
    return new ServingException(
        Failure.DEADLINE_PASSED,
        "The time that this request was given is over.",
        pace.secondsFor(taken()));
  }

  ServingException closed() {
    return new ServingException(
        Failure.NOT_READY, "The service is stopping; try again soon.", SECONDS_TO_A_SUCCESSOR);
  }

  private ServingException overloaded(String detail) {
    return new ServingException(Failure.OVERLOADED, detail, pace.secondsFor(taken()));
  }
}
