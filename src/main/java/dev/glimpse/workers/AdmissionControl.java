package dev.glimpse.workers;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Admits requests while the workers and the queue have room for them, and makes the errors of those
 * that are refused or give up. Any thread may call it; it does not block.
 */
final class AdmissionControl {

  /** About how long another instance takes to start in place of this one. */
  private static final int RESTART_SECONDS = 2;

  private final int workers;
  private final int queueSize;
  private final Duration queueTimeout;
  private final LongSupplier clock;
  private final Semaphore slots;
  private final ServiceTimeEstimate shortTime = new ServiceTimeEstimate();
  private final ServiceTimeEstimate longTime = new ServiceTimeEstimate();

  /** For requests of both kinds: of one whose body has not arrived, the kind is not known. */
  private final ServiceTimeEstimate anyTime = new ServiceTimeEstimate();

  /** How many of the slots belong to requests that wait or run as long tasks. */
  private final AtomicInteger longSlots = new AtomicInteger();

  private final SlowReaders readers;

  /**
   * Creates an admission with all slots free.
   *
   * @param keepSlots whether requests keep their slots however slow their bodies are
   * @param clock in nanoseconds
   */
  AdmissionControl(
      int workers, int queueSize, Duration queueTimeout, boolean keepSlots, LongSupplier clock) {
    this.workers = workers;
    this.queueSize = queueSize;
    this.queueTimeout = queueTimeout;
    this.clock = clock;
    this.slots = new Semaphore(workers + queueSize);
    this.readers = new SlowReaders(clock, keepSlots);
  }

  /**
   * Admits a request that may take as long as {@code timeout} from now on. It takes a slot that is
   * free, or that of a request whose body is slow to arrive. Where most slots belong to requests
   * whose bodies are arriving, it needs none yet, and looks for one when its own body has arrived:
   * otherwise a client that begins many bodies would shut the others out.
   *
   * @return whether it has a slot
   * @throws ServingException OVERLOADED if all slots are taken, or if the expected wait is longer
   *     than the request may wait
   */
  boolean acquire(Duration timeout) {
    boolean slot = slots.tryAcquire() || readers.giveUpSlot();
    if (!slot && readers.count() <= (workers + queueSize) / 2) {
      throw noSlot();
    }
    Duration bound = timeout.compareTo(queueTimeout) < 0 ? timeout : queueTimeout;
    if (expectedWait() > bound.toNanos()) {
      if (slot) {
        slots.release();
      }
      throw overloaded(
          "No worker would be free within %d ms; try again soon.".formatted(bound.toMillis()));
    }
    return slot;
  }

  /** Returns the expected wait of the request that was admitted last, in nanoseconds. */
  private long expectedWait() {
    int longOnes = longSlots.get();
    int ahead = Math.max(0, taken() - 1 - longOnes - readers.count());
    int left = workers - Math.min(longOnes, workers / 2);
    long longOneFirst = workers == 1 && longOnes > 0 ? longTime.workFor(1) : 0;
    return shortTime.waitBehind(ahead, left) + longOneFirst;
  }

  /**
   * Takes a slot for a request whose body has arrived, and that has none; if none is free, that of
   * a request whose body has not arrived yet.
   *
   * @throws ServingException OVERLOADED if all slots belong to requests whose bodies have arrived
   */
  void takeSlot() {
    if (!slots.tryAcquire() && !readers.giveUpAnySlot()) {
      throw noSlot();
    }
  }

  private ServingException noSlot() {
    return overloaded(
        "%d requests are being worked on and %d are waiting; try again soon."
            .formatted(workers, queueSize));
  }

  /** Takes one more slot, unless the workers and half of the queue are taken already. */
  boolean takeSpare() {
    return taken() < workers + queueSize / 2 && slots.tryAcquire();
  }

  void release() {
    slots.release();
  }

  /**
   * Counts a request's slot as that of a long task, until {@link #releaseLongSlot}. The others are
   * left to short ones.
   *
   * @throws ServingException OVERLOADED if half of the slots are counted already, or if those would
   *     keep all workers for longer than a request may wait
   */
  void takeLongSlot() {
    int most = Math.max(workers, (workers + queueSize) / 2);
    int ahead = longSlots.getAndIncrement();
    if (ahead >= most) {
      longSlots.decrementAndGet();
      throw overloaded(
          "%d requests that take long, such as those with large images, are waiting already; try again soon."
              .formatted(most));
    }
    if (longTime.waitBehind(ahead, workers) > queueTimeout.toNanos()) {
      longSlots.decrementAndGet();
      throw overloaded(
          "No worker would be free within %d ms for a request that takes long; try again soon."
              .formatted(queueTimeout.toMillis()));
    }
  }

  void releaseLongSlot() {
    longSlots.decrementAndGet();
  }

  /** Returns how many slots are taken. */
  int taken() {
    return workers + queueSize - slots.availablePermits();
  }

  long now() {
    return clock.getAsLong();
  }

  /** Returns how long a request may wait in the queue, in nanoseconds. */
  long queueTimeout() {
    return queueTimeout.toNanos();
  }

  /** Notes how long a request kept a worker that is not long. */
  void shortEnded(long nanos) {
    shortTime.add(nanos);
    anyTime.add(nanos);
  }

  /** Notes how long a long task kept a worker. */
  void longEnded(long nanos) {
    longTime.add(nanos);
    anyTime.add(nanos);
  }

  /**
   * Returns whether requests whose bodies have arrived, and so many more, keep the workers busy for
   * longer than a request may wait.
   */
  boolean takesTooLong(int bodies) {
    int arrived = Math.max(0, taken() - readers.count());
    return anyTime.workFor(arrived + bodies) / workers > queueTimeout.toNanos();
  }

  /**
   * Returns a good time to try again, in seconds, 1 or more: when the workers will have finished
   * what they have now.
   *
   * @param more requests that wait and have no slot
   */
  int retryAfter(int more) {
    int longOnes = longSlots.get();
    long work =
        shortTime.workFor(Math.max(0, taken() - longOnes))
            + longTime.workFor(longOnes)
            + anyTime.workFor(more);
    return ServiceTimeEstimate.seconds(work / workers);
  }

  SlowReaders readers() {
    return readers;
  }

  ServingException queueTimeoutPassed() {
    return new ServingException(
        Failure.QUEUE_TIMEOUT,
        "No worker was free within %d ms; try again soon.".formatted(queueTimeout.toMillis()),
        retryAfter(0));
  }

  ServingException deadlinePassed() {
    return new ServingException(
        Failure.DEADLINE_PASSED, "The time that this request was given is over.", retryAfter(0));
  }

  ServingException closed() {
    return new ServingException(
        Failure.NOT_READY, "The service is stopping; try again soon.", RESTART_SECONDS);
  }

  private ServingException overloaded(String detail) {
    return new ServingException(Failure.OVERLOADED, detail, retryAfter(0));
  }
}
