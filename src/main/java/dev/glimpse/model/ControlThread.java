package dev.glimpse.model;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.failure.UnservableModelException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The one thread on which what is served is changed, one change after the other. */
final class ControlThread implements AutoCloseable {

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(ControlThread::daemon);

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "model-control");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Makes a change as soon as those before it are made. Does not wait.
   *
   * @return fails with what the change threw; for an {@link UnservableModelException}, with what of
   *     it a client may know
   * @throws ServingException NOT_READY if this is closed
   */
  CompletionStage<Void> submit(Runnable change) {
    try {
      return CompletableFuture.runAsync(change, thread).exceptionally(ControlThread::fail);
    } catch (RejectedExecutionException e) {
      throw new ServingException(Failure.NOT_READY, "The service is stopping.", e);
    }
  }

  private static Void fail(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    throw cause instanceof UnservableModelException bad
        ? new ServingException(Failure.UNSERVABLE_MODEL, bad.reason(), bad)
        : new CompletionException(cause);
  }

  /** Does something after some time, between the changes. */
  void later(Runnable work, Duration time) {
    Future<?> unused = thread.schedule(work, time.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Does something again and again, between the changes, with this much time between two times. */
  void repeat(Runnable work, Duration pause) {
    Future<?> unused =
        thread.scheduleWithFixedDelay(work, pause.toNanos(), pause.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Makes no change any more; does not wait for one that is being made. */
  @Override
  public void close() {
    thread.shutdownNow();
  }
}
