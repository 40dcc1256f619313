package dev.glimpse.results;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Makes calls on the thread of jobs, for any thread, until it is closed: then all are refused. */
final class JobCalls implements AutoCloseable {

  private static final int RETRY_SECONDS = 10;

  private final Executor thread;

  /** Those that are not completed yet. */
  private final Map<Long, CompletableFuture<?>> calls = new ConcurrentHashMap<>();

  private final AtomicLong last = new AtomicLong();
  private volatile boolean closed;

  JobCalls(Executor thread) {
    this.thread = thread;
  }

  /** Returns what the action returns, or fails with what it throws. */
  <T> CompletionStage<T> call(Supplier<T> action) {
    CompletableFuture<T> result = new CompletableFuture<>();
    long number = last.incrementAndGet();
    calls.put(number, result);
    var unused = result.whenComplete((done, failure) -> calls.remove(number));
    if (closed) {
      refuseAll();
    }
    thread.execute(() -> {
      if (result.isDone()) {
        return; // it was refused, so it must not be done all the same
      }
      try {
        result.complete(action.get());
      } catch (RuntimeException | Error e) {
        result.completeExceptionally(e);
      }
    });
    return result;
  }

  @Override
  public void close() {
    closed = true;
    refuseAll();
  }

  private void refuseAll() {
    calls.forEach((number, call) ->
        call.completeExceptionally(
            new ServingException(Failure.NOT_READY, "The service stops.", RETRY_SECONDS)));
  }
}
