package dev.glimpse.workers;

import java.util.List;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/**
 * The worker threads and what waits for them. The queue has no bound: the permits are the bound.
 */
final class WorkerThreads {

  private static final Logger LOG = Logger.getLogger(WorkerThreads.class);

  private static final int SECONDS_TO_CLOSE = 5;

  private final int count;
  private final BlockingDeque<Runnable> queue = new LinkedBlockingDeque<>();
  private final ThreadPoolExecutor executor;

  WorkerThreads(int count) {
    this.count = count;
    AtomicInteger number = new AtomicInteger();
    this.executor =
        new ThreadPoolExecutor(
            count,
            count,
            0,
            TimeUnit.SECONDS,
            queue,
            task -> {
              Thread thread = new Thread(task, "worker-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    executor.prestartAllCoreThreads();
  }

  /**
   * Puts a job behind all that waits.
   *
   * @throws RejectedExecutionException if these are closed
   */
  void runLast(Job job) {
    executor.execute(job);
  }

  /**
   * Puts a job before all that waits. It goes around the executor, which only appends; the workers
   * take it from the same queue.
   */
  void runFirst(Job job) {
    queue.addFirst(job);
    executor.prestartCoreThread(); // if one has died
  }

  void remove(Job job) {
    executor.remove(job);
  }

  int waiting() {
    return queue.size();
  }

  boolean closed() {
    return executor.isShutdown();
  }

  /** Whether these take jobs and all are there. Starts those anew that are not. */
  boolean alive() {
    if (closed()) {
      return false;
    }
    try {
      executor.prestartAllCoreThreads();
    } catch (OutOfMemoryError e) { // what the JVM says when the system gives it no more threads
      LOG.error("A worker has died and cannot be replaced:", e);
    }
    return executor.getPoolSize() == count;
  }

  /**
   * Finishes what runs and what waits; blocks until then, 5 seconds at most.
   *
   * @return what they will not come to any more
   */
  List<Job> close() {
    executor.shutdown();
    boolean ended = false;
    try {
      ended = executor.awaitTermination(SECONDS_TO_CLOSE, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (ended) {
      return List.of();
    }
    LOG.warn("Requests took too long to wait for; they are given up.");
    return executor.shutdownNow().stream().map(Job.class::cast).toList();
  }
}
