package dev.glimpse.api.http;

import java.util.function.LongSupplier;

/** Whether requests are coming. Any thread may tell and ask. */
final class InFlightRequests {

  private final LongSupplier clock;
  private int underWay;
  private boolean ever;
  private long last;

  InFlightRequests(LongSupplier clock) {
    this.clock = clock;
  }

  synchronized void begin() {
    underWay++;
  }

  synchronized void end() {
    underWay--;
    touch();
  }

  /** As if a request had just ended. */
  synchronized void touch() {
    ever = true;
    last = clock.getAsLong();
  }

  /** Whether no request is under way, and none has been for so many nanoseconds. */
  synchronized boolean quietFor(long nanos) {
    return underWay == 0 && (!ever || clock.getAsLong() - last >= nanos);
  }
}
