package dev.glimpse.registry;

import dev.glimpse.failure.AsyncFailures;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.threads.DaemonThreads;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Runs the changes to the models in service on a single thread, one after the other. */
final class ReloadThread implements AutoCloseable {

  private final ScheduledExecutorService thread;

  /** Changes that have not started. */
  private final Queue<Change> waiting = new ConcurrentLinkedQueue<>();

  /** Starts the thread with the first change. */
  ReloadThread() {
    this(executor());
  }

  /**
   * Runs the changes on an executor.
   *
   * @param thread runs one task at a time, and after its shutdown no delayed ones
   */
  ReloadThread(ScheduledExecutorService thread) {
    this.thread = thread;
  }

  private static ScheduledExecutorService executor() {
    ScheduledThreadPoolExecutor thread =
        new ScheduledThreadPoolExecutor(1, DaemonThreads.named("model-control"));
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    return thread;
  }

  /**
   * Runs a change after those submitted before it. Does not block.
   *
   * @return fails with what the change threw; an {@link UnservableModelException} is reduced to
   *     what a client may know
   * @throws ServingException NOT_READY if this is closed; changes that have not started then fail
   *     with it as well
   */
  CompletionStage<Void> submit(Runnable work) {
    Change change = new Change(work);
    waiting.add(change);
    try {
      thread.execute(() -> {
        waiting.remove(change);
        change.make();
      });
    } catch (RejectedExecutionException e) {
      waiting.remove(change);
      throw stopping();
    }
    return change.done.exceptionally(ReloadThread::fail);
  }

  /** Is either run or dropped, once. */
  private static final class Change {

    private final Runnable work;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private final AtomicBoolean begun = new AtomicBoolean();

    Change(Runnable work) {
      this.work = work;
    }

    void make() {
      if (!begun.compareAndSet(false, true)) {
        return;
      }
      try {
        work.run();
        done.complete(null);
      } catch (Throwable e) { // an Error too, so that the caller is notified
        done.completeExceptionally(e);
      }
    }

    void drop() {
      if (begun.compareAndSet(false, true)) {
        done.completeExceptionally(stopping());
      }
    }
  }

  private static ServingException stopping() {
    return new ServingException(Failure.NOT_READY, "The service is stopping.");
  }

  private static Void fail(Throwable failure) {
    Throwable cause = AsyncFailures.cause(failure);
    throw cause instanceof UnservableModelException bad
        ? new ServingException(Failure.UNSERVABLE_MODEL, bad.reason(), bad)
        : new CompletionException(cause);
  }

  /** Runs work after a delay, between changes; does nothing if this is closed by then. */
  void later(Runnable work, Duration time) {
    try {
      Future<?> unused = thread.schedule(work, time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      // Closed while a change was running, which does not depend on this work.
    }
  }

  /** Runs work repeatedly, between changes, with this pause after each run. */
  void repeat(Runnable work, Duration pause) {
    Future<?> unused =
        thread.scheduleWithFixedDelay(work, pause.toNanos(), pause.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Drops all changes that have not started; does not wait for the running one. */
  @Override
  public void close() {
    thread.shutdown();
    waiting.forEach(Change::drop);
  }
}
