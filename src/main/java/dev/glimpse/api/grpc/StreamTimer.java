package dev.glimpse.api.grpc;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Bounds what a stream waits for, one thing at a time. Confined to the stream's event loop. */
final class StreamTimer {

  private static final int STOPPED = -1;

  private final Vertx vertx;
  private final Consumer<ServingException> end;
  private long timer = STOPPED;

  /**
   * Creates a timer that stands still.
   *
   * @param end receives what took too long
   */
  StreamTimer(Vertx vertx, Consumer<ServingException> end) {
    this.vertx = vertx;
    this.end = end;
  }

  /** Starts, with REQUEST_TIMEOUT for what takes longer, and a sentence with the milliseconds. */
  void start(Duration longest, String sentence) {
    String late = sentence.formatted(longest.toMillis());
    start(longest, () -> new ServingException(Failure.REQUEST_TIMEOUT, late));
  }

  /** Starts, with another failure for what takes longer. */
  void start(Duration longest, Supplier<ServingException> late) {
    stop();
    timer = vertx.setTimer(longest.toMillis(), id -> end.accept(late.get()));
  }

  boolean isRunning() {
    return timer != STOPPED;
  }

  void stop() {
    vertx.cancelTimer(timer);
    timer = STOPPED;
  }
}
