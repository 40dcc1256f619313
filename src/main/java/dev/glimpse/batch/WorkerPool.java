package dev.glimpse.batch;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongFunction;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;

/**
 * The threads that do the work, and the bounded queue before them. As many threads as CPUs: more
 * would only take turns on the same cores. One permit for each request that runs or waits, taken
 * before anything is done for it.
 */
@ApplicationScoped
public class WorkerPool {

  private static final Logger LOG = Logger.getLogger(WorkerPool.class);

  private final int workers;
  private final int queueSize;
  private final Semaphore permits;
  private final AtomicInteger running = new AtomicInteger();
  private final ExecutorService threads;

  public WorkerPool(GlimpseConfig config) {
    // availableProcessors() heeds the limits of a container.
    this.workers = config.workers().count().orElse(Runtime.getRuntime().availableProcessors());
    this.queueSize = config.queue().size();
    this.permits = new Semaphore(workers + queueSize);
    AtomicInteger number = new AtomicInteger();
    // The executor's own queue needs no bound: the permits are the bound.
    this.threads =
        new ThreadPoolExecutor(
            workers,
            workers,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "worker-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Runs a task on a worker, with the caller's log context.
   *
   * @param task gets the nanoseconds that it waited in the queue
   * @return completed on the worker's thread, with the task's result or with what it threw
   * @throws ServingException OVERLOADED if as many requests wait as may
   */
  public <T> CompletableFuture<T> submit(LongFunction<T> task) {
    if (!permits.tryAcquire()) {
      throw overloaded();
    }
    long submitted = System.nanoTime();
    Map<String, Object> logContext = MDC.getMap();
    CompletableFuture<T> result = new CompletableFuture<>();
    threads.execute(() -> run(task, submitted, logContext, result));
    return result;
  }

  /**
   * Throws what {@link #submit} would throw now.
   *
   * @throws ServingException OVERLOADED if as many requests wait as may
   */
  public void requireRoom() {
    if (permits.availablePermits() == 0) {
      throw overloaded();
    }
  }

  /** Threads that work. */
  public int workers() {
    return workers;
  }

  /** Tasks that run now, 0 to {@link #workers}. */
  public int running() {
    return running.get();
  }

  /** Tasks that wait now, 0 to the queue's size. */
  public int waiting() {
    return Math.max(0, workers + queueSize - permits.availablePermits() - running.get());
  }

  /** Whether the pool takes tasks. */
  public boolean alive() {
    return !threads.isShutdown();
  }

  /** Finishes what is under way and what waits; blocks until then, 30 seconds at most. */
  @PreDestroy
  public void close() {
    threads.shutdown();
    try {
      if (!threads.awaitTermination(30, TimeUnit.SECONDS)) {
        LOG.warn("Some requests were still under way after 30 s; they are given up.");
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      threads.shutdownNow();
    }
  }

  private <T> void run(
      LongFunction<T> task,
      long submitted,
      Map<String, Object> logContext,
      CompletableFuture<T> result) {
    running.incrementAndGet();
    logContext.forEach(MDC::put);
    T value = null;
    Throwable failure = null;
    try {
      value = task.apply(System.nanoTime() - submitted);
    } catch (Throwable e) { // an Error too: the caller is to hear of it, and the worker lives on
      failure = e;
    }
    running.decrementAndGet();
    permits.release();
    // The permit is free before the caller hears: who got an answer may ask again.
    if (failure == null) {
      result.complete(value);
    } else {
      result.completeExceptionally(failure);
    }
    logContext.keySet().forEach(MDC::remove);
  }

  private ServingException overloaded() {
    return new ServingException(
        Failure.OVERLOADED,
        "%d requests are being worked on and %d are waiting; try again soon."
            .formatted(workers, queueSize));
  }
}
