package dev.glimpse.workers;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.failure.ServingException;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Runs tasks on as many threads as there are CPUs (more would only take turns on the same cores),
 * behind a bounded queue. Each request that runs or waits holds a {@link Permit}, which it takes
 * before anything is done for it. Any thread may call it.
 */
@ApplicationScoped
public class WorkerPool {

  /** Longer than any internal task takes. */
  private static final Duration NO_DEADLINE = Duration.ofDays(1);

  /** Longer work is queued apart. Most images take less, photos of a phone included. */
  private static final Duration LONG = Duration.ofMillis(25);

  private final int workers;
  private final Duration stuckAfter;
  private final AdmissionControl admission;
  private final Timers timers;
  private final LongSupplier clock;
  private final WorkerThreads threads;
  private final LongTasks longTasks;
  private final Submissions submissions;
  private final BeforeClose beforeClose = new BeforeClose();

  @Inject
  public WorkerPool(GlimpseConfig config) {
    this(config, System::nanoTime, Timers.onDaemonThread());
  }

  /** Makes a pool whose time passes by the given clock and timers. */
  public WorkerPool(GlimpseConfig config, LongSupplier clock, Timers timers) {
    this(config, clock, timers, WorkerThreads::start);
  }

  /** Makes a pool with given threads, for tests. */
  WorkerPool(
      GlimpseConfig config, LongSupplier clock, Timers timers, IntFunction<WorkerThreads> threads) {
    // availableProcessors() heeds the limits of a container.
    this.workers = config.workers().count().orElse(Runtime.getRuntime().availableProcessors());
    this.stuckAfter = config.workers().stuckAfter();
    this.admission =
        new AdmissionControl(
            workers,
            config.queue().size(),
            config.queue().timeout(),
            config.http().minRate().asLongValue() == 0,
            clock);
    this.clock = clock;
    this.timers = timers;
    this.threads = threads.apply(workers);
    this.longTasks = new LongTasks(this.threads, admission, workers);
    this.submissions = new Submissions(this.threads, admission, timers, longTasks);
  }

  /**
   * Admits a request. Captures the calling thread's log context for its tasks. Does not block.
   *
   * @param timeout how long the request may take from now on, body and queue included
   * @throws ServingException OVERLOADED if the queue is full, or if the request would have to wait
   *     for longer than {@code timeout} or {@code glimpse.queue.timeout}; NOT_READY if the pool is
   *     closed
   */
  public Permit admit(Duration timeout) {
    if (threads.closed()) {
      throw admission.closed();
    }
    return Permit.of(admission, timeout, admission.acquire(timeout));
  }

  /**
   * Runs a task on a worker, in the log context of the permit.
   *
   * @param permit the request's, not used yet; released when the task has finished or was dropped
   * @param task receives the permit, which tells between two steps whether the request was
   *     cancelled
   * @return completed on the worker's thread, with the task's result or with what it threw; or as
   *     soon as the request is cancelled, with a {@link ServingException}: QUEUE_TIMEOUT,
   *     DEADLINE_PASSED, CLIENT_GONE. A task that has not started by then never does
   */
  public <T> CompletableFuture<T> submit(Permit permit, Function<Permit, T> task) {
    return submitAsync(permit, finished(task));
  }

  /** Does what {@link #submit(Permit, Function)} does, for a task that may finish later. */
  public <T> CompletableFuture<T> submitAsync(Permit permit, AsyncTask<T> task) {
    return submissions.submit(permit, task);
  }

  /**
   * Runs an internal task on a worker, practically without a deadline.
   *
   * @throws ServingException as {@link #admit} does
   */
  public <T> CompletableFuture<T> submit(Function<Permit, T> task) {
    // How long it takes says nothing about requests.
    return submissions.submit(admit(NO_DEADLINE), finished(task), nanos -> {});
  }

  private static <T> AsyncTask<T> finished(Function<Permit, T> task) {
    return permit -> CompletableFuture.completedFuture(task.apply(permit));
  }

  /**
   * Continues, on a worker, a task that has left its worker and still has its slot; it goes to the
   * end of the queue. The permit's deadline still holds.
   *
   * @param permit the task's own
   * @return fails with a {@link ServingException} if the request was cancelled before a worker gets
   *     to it, and with what keeps it from the queue, which is not thrown: what the task has
   *     started before is still to be waited for
   */
  public <T> CompletableFuture<T> resume(Permit permit, Supplier<CompletionStage<T>> work) {
    return submissions.resume(permit, work);
  }

  /** Returns whether work of about so many nanoseconds is for {@link #resumeLong}. */
  public static boolean isLong(long nanos) {
    return nanos > LONG.toNanos();
  }

  /**
   * Does what {@link #resume} does, for work that takes long: behind other such work, of which only
   * half of the workers run any while there is short work.
   *
   * @param nanos how long it will take a worker, about
   * @return fails also with OVERLOADED, if such work holds half of the slots, and with
   *     QUEUE_TIMEOUT
   */
  public <T> CompletableFuture<T> resumeLong(
      Permit permit, long nanos, Supplier<CompletionStage<T>> work) {
    return submissions.resumeLong(permit, nanos, work);
  }

  /**
   * Does what {@link #resumeLong} does, for one of many turns of a request. How long it takes says
   * nothing about other requests: it may go on while none waits.
   */
  public <T> CompletableFuture<T> resumeTurn(
      Permit permit, long nanos, Supplier<CompletionStage<T>> work) {
    return submissions.resumeTurn(permit, nanos, work);
  }

  /**
   * Returns a good time to try again, in seconds, 1 or more.
   *
   * @param more requests that wait and have no slot
   */
  public int retryAfter(int more) {
    return admission.retryAfter(more);
  }

  /**
   * Returns whether a request whose body has not arrived would have to wait for too long, by what
   * the latest ones took.
   *
   * @param bodies that wait before it, and have no slot
   */
  public boolean takesTooLong(int bodies) {
    return admission.takesTooLong(bodies);
  }

  /**
   * Runs a task before all that waits, because the requests in it have waited already. Abandons it
   * if the workers have stopped.
   */
  public void runFirst(WorkerTask task) {
    try {
      threads.runFirst(task);
    } catch (RejectedExecutionException e) {
      task.abandon(admission.closed());
    }
  }

  /** Counts a task as running, until {@link #end}. Tasks call it themselves. */
  public void begin(WorkerTask task) {
    threads.begin(task);
  }

  /** Counts a task as no longer running. */
  public void end(WorkerTask task) {
    threads.end(task);
  }

  /**
   * Registers what to do before the workers stop, because it still needs them; does it at once if
   * they are stopping already. It may be done twice.
   *
   * @return removes the registration
   */
  public Runnable beforeClose(Runnable action) {
    return beforeClose.add(action);
  }

  /** Returns the clock that all times are measured by, in nanoseconds. */
  public LongSupplier clock() {
    return clock;
  }

  /** Returns the timers that enforce deadlines and delays. */
  public Timers timers() {
    return timers;
  }

  /** Returns the number of worker threads. */
  public int workers() {
    return workers;
  }

  /** Returns how many tasks run now, 0 to {@link #workers}. */
  public int running() {
    return threads.running();
  }

  /** Returns how many tasks wait for a worker now, 0 to the queue's size. */
  public int waiting() {
    return threads.waiting() + longTasks.waiting();
  }

  /** Returns how many slots are taken now, by requests that run, wait, or send their body. */
  public int taken() {
    return admission.taken();
  }

  /**
   * Returns whether work that no client waits for may take a worker now: no request waits for one,
   * and a quarter of the workers, but one at least, stay free for requests that may come. A single
   * worker has to be free itself.
   */
  public boolean hasSpareWorker() {
    int spare = workers == 1 ? 0 : Math.max(1, workers / 4);
    return waiting() == 0 && admission.taken() - reading() < workers - spare;
  }

  /** Returns how many requests are receiving their body. */
  int reading() {
    return admission.readers().count();
  }

  /** Returns how many workers have run one task for longer than {@code workers.stuck-after}. */
  public int stuck() {
    return threads.runningLongerThan(stuckAfter);
  }

  /** Returns whether the pool takes tasks and all workers live. Replaces those that have died. */
  public boolean alive() {
    return threads.alive();
  }

  /** Returns whether the pool is {@link #alive} and no worker is {@link #stuck}. */
  public boolean healthy() {
    return alive() && stuck() == 0;
  }

  /** Finishes what runs and what waits; blocks until then, 5 seconds at most. */
  @PreDestroy
  public void close() {
    beforeClose.run();
    longTasks.close();
    threads.close().forEach(task -> task.abandon(admission.closed()));
    timers.close();
  }
}
