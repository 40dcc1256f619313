package dev.glimpse.api.http;

import dev.glimpse.bytes.ArrivingBytes;
import dev.glimpse.bytes.Bytes;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.failure.ServingException;
import dev.glimpse.memory.MemoryBudget;
import dev.glimpse.memory.RequestMemory;
import dev.glimpse.memory.Reservation;
import dev.glimpse.pipeline.Body;
import dev.glimpse.workers.WorkerPool;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntUnaryOperator;

/** Accounts for bodies that have arrived in one piece, such as the messages of a WebSocket. */
@Singleton
public final class ArrivedBodies {

  private final RequestMemory memory;
  private final Duration longest;
  private final IntUnaryOperator retryAfter;

  @Inject
  ArrivedBodies(RequestMemory memory, WorkerPool workers, GlimpseConfig config) {
    this(memory, config.queue().timeout(), workers::retryAfter);
  }

  /**
   * Accounts for bodies.
   *
   * @param longest how long one may wait for its memory
   * @param retryAfter a good time to try again, in seconds, by the number of bodies that wait
   */
  public ArrivedBodies(RequestMemory memory, Duration longest, IntUnaryOperator retryAfter) {
    this.memory = memory;
    this.longest = longest;
    this.retryAfter = retryAfter;
  }

  /**
   * Reserves memory for a body, until it is closed. Waits for it no longer than {@code
   * glimpse.queue.timeout}, as the bodies of other requests do.
   *
   * @param network is the client's
   * @param client sends it, over a connection
   * @param left how long the request may take
   * @param gone completed when the client does not wait any more
   * @return completed when there is memory, on any thread; fails with a {@link ServingException}:
   *     TOO_LARGE if there is never so much; OVERLOADED or DEADLINE_PASSED if there is not in time;
   *     CLIENT_GONE with {@code gone}
   */
  public CompletionStage<Body> body(
      byte[] bytes, Object network, Object client, Duration left, CompletableFuture<?> gone) {
    MemoryBudget budget =
        bytes.length <= ArrivingBytes.FIRST_BYTES ? memory.firstBytes() : memory.bodies();
    Reservation reserved = budget.open(network, client);
    CompletableFuture<Void> granted = reserved.take(bytes.length);
    if (!granted.isDone()) {
      long millis = Math.max(Math.min(longest.toMillis(), left.toMillis()), 1);
      var waits = granted.orTimeout(millis, TimeUnit.MILLISECONDS);
      var unused = gone.whenComplete((done, e) -> waits.completeExceptionally(BodyFailures.gone()));
      granted =
          waits.exceptionallyCompose(
              e -> CompletableFuture.failedFuture(inTime(e, budget, bytes.length, millis)));
    }
    return granted
        .thenApply(taken -> new Body(Bytes.of(bytes), bytes.length, reserved::close))
        .whenComplete((body, failure) -> {
          if (failure != null) {
            reserved.close(); // which also takes it out of the queue
          }
        });
  }

  private Throwable inTime(Throwable e, MemoryBudget budget, long bytes, long millis) {
    if (!(e instanceof TimeoutException)) {
      return e;
    }
    if (millis < longest.toMillis()) {
      return BodyFailures.deadlinePassed();
    }
    budget.refused(bytes);
    return BodyFailures.noMemory(millis, retryAfter.applyAsInt(budget.waiting()));
  }
}
