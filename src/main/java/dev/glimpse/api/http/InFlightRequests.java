package dev.glimpse.api.http;

import java.util.function.LongSupplier;

/** Counts the requests in flight. Thread-safe. */
final class InFlightRequests {

  private final LongSupplier clock;
  private int inFlight;
  private boolean ever;
  private long last;

  InFlightRequests(LongSupplier clock) {
    this.clock = clock;
  }

  synchronized void begin() {
    inFlight++;
  }

  synchronized void end() {
    inFlight--;
    touch();
  }

  /** Restarts the quiet time, as if a request had just ended. */
  synchronized void touch() {
    ever = true;
    last = clock.getAsLong();
  }

  /** Returns whether no request is in flight, and none has been for so many nanoseconds. */
  synchronized boolean quietFor(long nanos) {
    return inFlight == 0 && (!ever || clock.getAsLong() - last >= nanos);
  }
}
