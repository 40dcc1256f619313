package dev.glimpse.results;

import dev.glimpse.failure.ServingException;
import dev.glimpse.metrics.ResultMetrics;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
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
  private static final Duration TO_END = Duration.ofSeconds(5);

  /** Longer than it takes to close a store, unless the disk or Redis does not answer. */
  private static final Duration TO_CLOSE = Duration.ofSeconds(1);

  private final JobStore store;
  private final JobRunner runner;
  private final Optional<ResultSender> sender;
  private final ResultsThread thread;
  private final ResultMetrics metrics;

  private final JobCalls calls;
  private volatile int pending;

  /**
   * Creates a queue that waits for {@link #start}.
   *
   * @param sender sends results to callbacks, if that is switched on
   */
  JobQueue(
      JobStore store,
      JobWork work,
      BooleanSupplier workerIsFree,
      JobRunner.Limits limits,
      ResultsThread thread,
      ResultMetrics metrics,
      Optional<ResultSender> sender) {
    this.store = store;
    this.thread = thread;
    this.calls = new JobCalls(thread);
    this.metrics = metrics;
    this.sender = sender;
    this.runner =
        new JobRunner(store, work, workerIsFree, limits, thread, metrics, job -> finished());
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
      runner.look();
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
    return calls.call(() -> {
      store.add(job, body);
      metrics.accepted();
      count();
      runner.look();
      thread.execute(runner::run);
      return new JobState(job, 0, Optional.empty());
    });
  }

  CompletionStage<Optional<JobState>> find(String id, Predicate<Job> allowed) {
    return calls.call(() -> known(id, allowed));
  }

  private Optional<JobState> known(String id, Predicate<Job> allowed) {
    return JobIds.isId(id)
        ? store.find(id).filter(state -> allowed.test(state.job()))
        : Optional.empty();
  }

  CompletionStage<Boolean> delete(String id, Predicate<Job> allowed) {
    return calls.call(() -> {
      boolean deleted = known(id, allowed).isPresent() && store.delete(id);
      if (deleted) {
        runner.forget(id);
        count();
      }
      return deleted;
    });
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
    close(TO_END);
  }

  /**
   * Does what {@link #close()} does.
   *
   * @param longest how long images may take to finish
   */
  void close(Duration longest) {
    CompletableFuture<Void> ended = new CompletableFuture<>();
    stop();
    thread.execute(() -> end(ended));
    if (!isDone(ended, longest)) {
      LOG.warn("Images of jobs took too long to wait for.");
      thread.execute(() -> closeStore(ended));
      if (!isDone(ended, TO_CLOSE)) {
        LOG.warn("The store of jobs does not answer, and is left open.");
      }
    }
    thread.close();
    calls.close();
  }

  /** Waits until it is done; returns whether that was in time. */
  private static boolean isDone(CompletableFuture<Void> ended, Duration longest) {
    return ended
        .thenApply(done -> true)
        .completeOnTimeout(false, longest.toNanos(), TimeUnit.NANOSECONDS)
        .join();
  }

  private void end(CompletableFuture<Void> ended) {
    if (runner.inFlight() + sender.map(ResultSender::inFlight).orElse(0) > 0) {
      thread.after(LOOK, () -> end(ended));
    } else {
      closeStore(ended);
    }
  }

  private void closeStore(CompletableFuture<Void> ended) {
    if (ended.isDone()) {
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
      try {
        store.close();
      } finally {
        ended.complete(null);
      }
    }
  }
}
