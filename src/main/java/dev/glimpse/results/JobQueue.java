package dev.glimpse.results;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.metrics.ResultMetrics;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Brings a store and a runner together on the thread that they are confined to. Any thread may call
 * it; only {@link #close} blocks.
 */
final class JobQueue {

  private static final Logger LOG = Logger.getLogger(JobQueue.class);

  /** How often results whose time has passed are looked for. */
  static final Duration TICK = Duration.ofSeconds(1);

  private static final Duration LOOK = Duration.ofMillis(10);
  private static final int SECONDS_TO_CLOSE = 5;
  private static final int RETRY_SECONDS = 10;

  private final JobStore store;
  private final JobRunner runner;
  private final Optional<ResultSender> sender;
  private final ResultsThread thread;
  private final ResultMetrics metrics;

  /** Those that are not completed yet. */
  private final Map<Long, CompletableFuture<?>> calls = new ConcurrentHashMap<>();

  private final AtomicLong lastCall = new AtomicLong();

  private volatile boolean closed;
  private volatile int pending;

  /**
   * Creates a queue that waits for {@link #start}.
   *
   * @param maxImages how many images are worked on at a time
   * @param maxResult the most bytes of a result
   * @param sender sends results to callbacks, if that is switched on
   */
  JobQueue(
      JobStore store,
      JobWork work,
      BooleanSupplier workerIsFree,
      int maxImages,
      long maxResult,
      ResultsThread thread,
      ResultMetrics metrics,
      Optional<ResultSender> sender) {
    this.store = store;
    this.thread = thread;
    this.metrics = metrics;
    this.sender = sender;
    this.runner =
        new JobRunner(
            store, work, workerIsFree, maxImages, maxResult, thread, metrics, job -> finished());
    metrics.watch(() -> pending);
  }

  /** Begins to work on what the store has. */
  void start() {
    thread.execute(this::tick);
  }

  private void tick() {
    try {
      attempt(() -> runner.forgetAll(store.renew())); // first: it must not wait for the others
      attempt(store::expire);
      attempt(this::count);
      sender.ifPresent(known -> attempt(known::run));
      attempt(runner::run);
    } finally {
      thread.after(TICK, this::tick);
    }
  }

  /** Tries one of several things to do, none of which is to keep the others from being done. */
  private static void attempt(Runnable action) {
    try {
      action.run();
    } catch (ServingException e) { // such as while Redis is away, which is logged there
      LOG.debug("Jobs cannot be looked after", e);
    } catch (RuntimeException | Error e) { // such as for lack of memory, which may pass
      LOG.warnf("Jobs cannot be looked after: %s", e);
    }
  }

  private void finished() {
    count();
    sender.ifPresent(ResultSender::run);
  }

  private void count() {
    pending = store.pending();
  }

  boolean isDurable() {
    return store.isDurable();
  }

  CompletionStage<JobState> add(Job job, byte[] body) {
    return call(() -> {
      store.add(job, body);
      metrics.accepted();
      count();
      thread.execute(runner::run);
      return new JobState(job, 0, Optional.empty());
    });
  }

  CompletionStage<Optional<JobState>> find(String id, Predicate<Job> allowed) {
    return call(() -> known(id, allowed));
  }

  private Optional<JobState> known(String id, Predicate<Job> allowed) {
    return JobIds.isId(id)
        ? store.find(id).filter(state -> allowed.test(state.job()))
        : Optional.empty();
  }

  CompletionStage<Boolean> delete(String id, Predicate<Job> allowed) {
    return call(() -> {
      boolean deleted = known(id, allowed).isPresent() && store.delete(id);
      if (deleted) {
        runner.forget(id);
        count();
      }
      return deleted;
    });
  }

  private <T> CompletionStage<T> call(Supplier<T> action) {
    CompletableFuture<T> result = new CompletableFuture<>();
    long number = lastCall.incrementAndGet();
    calls.put(number, result);
    var unused = result.whenComplete((done, failure) -> calls.remove(number));
    if (closed) {
      refuseCalls();
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

  /** Starts no more images, and sends no more results. */
  void stop() {
    thread.execute(() -> {
      runner.stop();
      sender.ifPresent(ResultSender::stop);
    });
  }

  /** Finishes the images that are being worked on, 5 seconds at most, and closes the store. */
  void close() {
    CompletableFuture<Void> ended = new CompletableFuture<>();
    stop();
    thread.execute(() -> end(ended));
    try {
      ended.get(SECONDS_TO_CLOSE, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("Images of jobs took too long to wait for.");
    }
    thread.close();
    closed = true;
    refuseCalls();
  }

  private void refuseCalls() {
    calls.forEach((number, call) ->
        call.completeExceptionally(
            new ServingException(Failure.NOT_READY, "The service stops.", RETRY_SECONDS)));
  }

  private void end(CompletableFuture<Void> ended) {
    if (runner.inFlight() + sender.map(ResultSender::inFlight).orElse(0) > 0) {
      thread.after(LOOK, () -> end(ended));
      return;
    }
    try {
      runner.release();
      int left = store.pending();
      if (left > 0 && store.isDurable()) {
        LOG.infof("%d jobs are left to be worked on after the next start", left);
      } else if (left > 0) {
        LOG.warnf(
            "%d jobs were accepted and are lost, as they are only in memory; glimpse.results.folder"
                + " keeps them.",
            left);
      }
    } finally {
      store.close();
      ended.complete(null);
    }
  }
}
