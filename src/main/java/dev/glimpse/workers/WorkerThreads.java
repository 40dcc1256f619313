package dev.glimpse.workers;

import dev.glimpse.threads.DaemonThreads;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/**
 * Owns the worker threads, the queue before them and the set of tasks they run. The queue itself is
 * unbounded: the permits are the bound. Any thread may call it.
 */
final class WorkerThreads {

  private static final Logger LOG = Logger.getLogger(WorkerThreads.class);

  private static final int SECONDS_TO_CLOSE = 5;

  private final int count;
  private final BlockingDeque<Runnable> queue;
  private final Set<WorkerTask> running = ConcurrentHashMap.newKeySet();
  private final ThreadPoolExecutor executor;

  /** Whether no thread takes tasks from the queue any more. */
  private volatile boolean stopped;

  /** Starts this many threads. */
  static WorkerThreads start(int count) {
    AtomicInteger number = new AtomicInteger();
    BlockingDeque<Runnable> queue = new LinkedBlockingDeque<>();
    return new WorkerThreads(
        queue,
        new ThreadPoolExecutor(
            count,
            count,
            0,
            TimeUnit.SECONDS,
            queue,
            task -> DaemonThreads.create("worker-" + number.incrementAndGet(), task)));
  }

  /**
   * Starts the threads of an executor.
   *
   * @param queue the executor's own
   */
  WorkerThreads(BlockingDeque<Runnable> queue, ThreadPoolExecutor executor) {
    this.count = executor.getCorePoolSize();
    this.queue = queue;
    this.executor = executor;
    executor.prestartAllCoreThreads();
  }

  /**
   * Appends a task to the queue.
   *
   * @throws RejectedExecutionException if these are closed
   */
  void runLast(WorkerTask task) {
    executor.execute(task);
  }

  /**
   * Puts a task at the head of the queue. It bypasses the executor, which only appends; the workers
   * take it from the same queue, also while they finish what waits.
   *
   * @throws RejectedExecutionException if the threads have stopped
   */
  void runFirst(WorkerTask task) {
    queue.addFirst(task);
    if (stopped && queue.remove(task)) {
      throw new RejectedExecutionException("The workers have stopped.");
    }
    try {
      executor.prestartCoreThread(); // if one has died
    } catch (OutOfMemoryError e) { // the task is in the queue, and the other threads take it
      logDead(e);
    }
  }

  void remove(WorkerTask task) {
    executor.remove(task);
  }

  /** Counts a task as running. */
  void begin(WorkerTask task) {
    running.add(task);
  }

  void end(WorkerTask task) {
    running.remove(task);
  }

  int running() {
    return running.size();
  }

  /** Returns how many tasks have been running for longer than {@code age}. */
  int runningLongerThan(Duration age) {
    return (int) running.stream().filter(task -> task.age() > age.toNanos()).count();
  }

  int waiting() {
    return queue.size();
  }

  boolean closed() {
    return executor.isShutdown();
  }

  /** Returns whether these take tasks and all threads live. Replaces those that have died. */
  boolean alive() {
    if (closed()) {
      return false;
    }
    try {
      executor.prestartAllCoreThreads();
    } catch (OutOfMemoryError e) { // thrown when the system refuses the JVM another thread
      logDead(e);
    }
    return executor.getPoolSize() == count;
  }

  private static void logDead(OutOfMemoryError e) {
    LOG.error("A worker has died and cannot be replaced:", e);
  }

  /**
   * Finishes what runs and what waits; blocks until then, 5 seconds at most.
   *
   * @return the tasks that will not be run any more
   */
  List<WorkerTask> close() {
    executor.shutdown();
    boolean ended = false;
    try {
      ended = executor.awaitTermination(SECONDS_TO_CLOSE, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!ended) {
      LOG.warn("Requests took too long to wait for; they are given up.");
    }
    stopped = true; // before the queue is emptied, so that no task is left in it
    return executor.shutdownNow().stream().map(WorkerTask.class::cast).toList();
  }
}
