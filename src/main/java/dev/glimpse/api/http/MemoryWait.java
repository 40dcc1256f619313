package dev.glimpse.api.http;

import dev.glimpse.failure.AsyncFailures;
import dev.glimpse.failure.ServingException;
import dev.glimpse.memory.MemoryBudget;
import io.vertx.core.Context;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Waits until a body has its memory, for a bounded time, while nothing is read from its connection.
 * Bodies that have fallen behind are ended meanwhile. For the request's event loop.
 */
final class MemoryWait {

  private final BodyReader reader;
  private final Context context;
  private final Object network;
  private final Object client;
  private final Duration longest;
  private final BodyTimer timer;
  private final CompletableFuture<?> ended;
  private final Consumer<ServingException> refuse;
  private long alarm = -1;

  /**
   * Creates the waits of one body.
   *
   * @param context the request's
   * @param network is the client's
   * @param client sends the body
   * @param longest how long each may take
   * @param timer knows how long the request may take; the waits are deducted
   * @param ended done when the request does not wait any more
   * @param refuse called with the reason if there is no memory in time
   */
  MemoryWait(
      BodyReader reader,
      Context context,
      Object network,
      Object client,
      Duration longest,
      BodyTimer timer,
      CompletableFuture<?> ended,
      Consumer<ServingException> refuse) {
    this.reader = reader;
    this.context = context;
    this.network = network;
    this.client = client;
    this.longest = longest;
    this.timer = timer;
    this.ended = ended;
    this.refuse = refuse;
  }

  /** Goes on with {@code next} when the bytes are granted: now, or later on the event loop. */
  void await(CompletableFuture<Void> granted, MemoryBudget budget, long bytes, Runnable next) {
    if (granted.isDone() && !granted.isCompletedExceptionally()) {
      next.run();
      return;
    }
    if (budget == reader.memory().bodies() && reader.waitsTooLong(network)) {
      refuse.accept(reader.tooManyBodies(bytes));
      return;
    }
    long asked = System.nanoTime();
    reader.slow().reclaimUntil(CompletableFuture.anyOf(granted, ended), client, budget, bytes);
    long millis = Math.max(Math.min(longest.toMillis(), timer.millisLeft()), 1);
    alarm = reader.vertx().setTimer(millis, id -> refuseUnless(granted, bytes, millis));
    var unused =
        granted.whenComplete((ok, failure) ->
            context.runOnContext(now -> {
              stop();
              timer.deduct(System.nanoTime() - asked);
              if (failure != null) {
                refuse.accept(serving(failure));
              } else if (!ended.isDone()) {
                next.run();
              }
            }));
  }

  /** Forgets the wait, because the request has ended. */
  void stop() {
    reader.vertx().cancelTimer(alarm);
  }

  private void refuseUnless(CompletableFuture<Void> granted, long bytes, long millis) {
    if (!granted.isDone()) {
      refuse.accept(
          millis < longest.toMillis()
              ? BodyFailures.deadlinePassed()
              : reader.noMemory(bytes, millis));
    }
  }

  private static ServingException serving(Throwable failure) {
    return AsyncFailures.cause(failure) instanceof ServingException known
        ? known
        : BodyFailures.gone(); // released while it waited
  }
}
