package dev.glimpse.registry;

import dev.glimpse.failure.AsyncFailures;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.failure.UnservableModelException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** The one thread on which what is served is changed, one change after the other. */
final class ReloadThread implements AutoCloseable {

  private final ScheduledThreadPoolExecutor thread =
      new ScheduledThreadPoolExecutor(1, ReloadThread::daemon);

  /** Changes that have not begun. */
  private final Queue<Change> waiting = new ConcurrentLinkedQueue<>();

  ReloadThread() {
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

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
   * @throws ServingException NOT_READY if this is closed; what waits then fails with it
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

  /** Is either made or dropped. */
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
      } catch (Throwable e) { // an Error too: the caller is to hear of it
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

  /** Does something after some time, between the changes; nothing if this is closed by then. */
  void later(Runnable work, Duration time) {
    try {
      Future<?> unused = thread.schedule(work, time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      // Closed while a change was made, which is none the worse for it.
    }
  }

  /** Does something again and again, between the changes, with this much time between two times. */
  void repeat(Runnable work, Duration pause) {
    Future<?> unused =
        thread.scheduleWithFixedDelay(work, pause.toNanos(), pause.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Makes no change any more, but for the one that is being made; does not wait for that. */
  @Override
  public void close() {
    thread.shutdown();
    waiting.forEach(Change::drop);
  }
}
