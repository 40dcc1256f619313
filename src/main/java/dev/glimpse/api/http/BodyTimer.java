package dev.glimpse.api.http;

import dev.glimpse.failure.ServingException;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Ends a body that arrives too late or too slowly. It stands still while the connection is paused.
 * For the request's event loop.
 */
final class BodyTimer {

  private final Vertx vertx;
  private final BodyClock clock;
  private final BodyRate rate;
  private final Consumer<ServingException> late;
  private long millisLeft;
  private long arriving;
  private long timer = -1;

  /**
   * Creates a timer that stands still.
   *
   * @param millisLeft how long the request may take, from now on
   * @param late called at most once for each start, with what is wrong
   */
  BodyTimer(
      Vertx vertx,
      BodyClock clock,
      BodyRate rate,
      long millisLeft,
      Consumer<ServingException> late) {
    this.vertx = vertx;
    this.clock = clock;
    this.rate = rate;
    this.millisLeft = millisLeft;
    this.late = late;
  }

  /** Starts or continues, because bytes may arrive. The clock runs. */
  void start() {
    long check = TimeUnit.NANOSECONDS.toMillis(rate.allowed(clock.received()));
    timer =
        vertx.setTimer(Math.max(Math.min(millisLeft, check) - clock.millis(), 1), id -> check());
  }

  /** Stands still from now on. The clock still runs. */
  void stop() {
    cancel();
    arriving = clock.millis();
  }

  /** Ends nothing any more. */
  void cancel() {
    vertx.cancelTimer(timer);
  }

  /**
   * Returns how long the request may still take, in milliseconds, while this stands still: without
   * the time that it waited for its memory, and that its body took to arrive.
   */
  long millisLeft() {
    return millisLeft - arriving;
  }

  /** Deducts time that the request has waited for its memory. */
  void deduct(long nanos) {
    millisLeft -= TimeUnit.NANOSECONDS.toMillis(nanos);
  }

  private void check() {
    long elapsed = clock.elapsed();
    if (clock.millis() >= millisLeft) {
      late.accept(BodyFailures.deadlinePassed());
    } else if (elapsed >= rate.longest()) {
      late.accept(BodyFailures.late(TimeUnit.NANOSECONDS.toMillis(rate.longest())));
    } else if (rate.tooSlow(elapsed, clock.received())) {
      late.accept(BodyFailures.tooSlow(clock.received(), clock.millis(), rate.minimum()));
    } else {
      start();
    }
  }
}
