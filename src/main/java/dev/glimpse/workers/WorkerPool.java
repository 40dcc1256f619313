package dev.glimpse.workers;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.failure.ServingException;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The threads that do the work, and the bounded queue before them. As many threads as CPUs: more
 * would only take turns on the same cores. One {@link Permit} for each request that runs or waits,
 * taken before anything is done for it.
 */
@ApplicationScoped
public class WorkerPool {

  /** Longer than anything that we ask of ourselves. */
  private static final Duration NO_HURRY = Duration.ofDays(1);

  private final int workers;
  private final Duration stuckAfter;
  private final AdmissionControl admission;
  private final Timers alarms;
  private final LongSupplier clock;
  private final WorkerThreads threads;
  private final Set<Job> running = ConcurrentHashMap.newKeySet();
  private final Set<Runnable> beforeClose = ConcurrentHashMap.newKeySet();

  @Inject
  public WorkerPool(GlimpseConfig config) {
    this(config, System::nanoTime, Timers.onAThread());
  }

  public WorkerPool(GlimpseConfig config, LongSupplier clock, Timers alarms) {
    // availableProcessors() heeds the limits of a container.
    this.workers = config.workers().count().orElse(Runtime.getRuntime().availableProcessors());
    this.stuckAfter = config.workers().stuckAfter();
    this.admission =
        new AdmissionControl(workers, config.queue().size(), config.queue().timeout(), clock);
    this.clock = clock;
    this.alarms = alarms;
    this.threads = new WorkerThreads(workers);
  }

  /** Work for a worker. */
  @FunctionalInterface
  public interface Task<T> {

    /**
     * Does the work.
     *
     * @param permit tells, between two steps, whether the next is still wanted
     * @param waited nanoseconds in the queue
     */
    T run(Permit permit, long waited);
  }

  /**
   * Takes a place. Any thread may call it; it does not wait.
   *
   * @param patience how long the request may take from now on, body and queue and all
   * @throws ServingException OVERLOADED if as many requests wait as may, or if this one would have
   *     to wait for longer than {@code patience} or {@code glimpse.queue.timeout}; NOT_READY if the
   *     pool is closed
   */
  public Permit admit(Duration patience) {
    if (threads.closed()) {
      throw admission.closed();
    }
    return admission.admit(patience);
  }

  /**
   * Runs a task on a worker, with the caller's log context.
   *
   * @param permit the request's place, not used yet; goes back when the task is done or dropped
   * @return completed on the worker's thread, with the task's result or with what it threw; or as
   *     soon as the permit ends, with a {@link ServingException}: QUEUE_TIMEOUT, DEADLINE_PASSED,
   *     CLIENT_GONE. What has not begun by then never does
   */
  public <T> CompletableFuture<T> submit(Permit permit, Task<T> task) {
    return submitStaged(permit, atOnce(task));
  }

  /** As above, for a task that may end later than it leaves the worker. */
  public <T> CompletableFuture<T> submitStaged(Permit permit, AsyncTask<T> task) {
    return submit(permit, task, admission.pace());
  }

  /**
   * Goes on, on a worker, with a task that has left its worker and still has its place; behind all
   * that waits now. What its permit says of the time it has still holds.
   *
   * @param permit the task's own
   * @return fails with a {@link ServingException} if nobody waits for it any longer when a worker
   *     comes to it
   */
  public <T> CompletableFuture<T> resume(Permit permit, Supplier<CompletionStage<T>> work) {
    ResumedTask<T> rest = new ResumedTask<>(this, admission, permit, work);
    try {
      threads.runLast(rest);
    } catch (RejectedExecutionException e) {
      rest.abandon();
    }
    return rest.result();
  }

  /**
   * Runs a task of our own on a worker, in no hurry.
   *
   * @throws ServingException as {@link #admit} does
   */
  public <T> CompletableFuture<T> submit(Task<T> task) {
    // How long it takes says nothing of how long requests do.
    return submit(admit(NO_HURRY), atOnce(task), new ServiceTimeEstimate(workers));
  }

  private static <T> AsyncTask<T> atOnce(Task<T> task) {
    return (permit, waited) -> CompletableFuture.completedFuture(task.run(permit, waited));
  }

  private <T> CompletableFuture<T> submit(
      Permit permit, AsyncTask<T> task, ServiceTimeEstimate pace) {
    QueuedTask<T> turn = new QueuedTask<>(this, admission, alarms, pace, permit, task);
    try {
      permit.submit(turn);
      turn.setAlarm();
      threads.runLast(turn);
    } catch (ServingException e) {
      turn.fail(e);
    } catch (RejectedExecutionException e) {
      permit.end(admission.closed());
    }
    return turn.result();
  }

  /**
   * Registers what to do before the workers stop, as it may still need them.
   *
   * @return removes the registration
   */
  public Runnable beforeClose(Runnable action) {
    beforeClose.add(action);
    return () -> beforeClose.remove(action);
  }

  /** Threads that work. */
  public int workers() {
    return workers;
  }

  /** Returns the clock that all times are measured by, in nanoseconds. */
  public LongSupplier clock() {
    return clock;
  }

  /** Returns the timers that enforce deadlines and delays. */
  public Timers timers() {
    return alarms;
  }

  /** Tasks that run now, 0 to {@link #workers}. */
  public int running() {
    return running.size();
  }

  /** Tasks that wait now for a worker, 0 to the queue's size. */
  public int waiting() {
    return threads.waiting();
  }

  /** Places that are taken now: by what runs, what waits, and what is still being read. */
  public int taken() {
    return admission.taken();
  }

  /** Workers that have been at one task for longer than {@code glimpse.workers.stuck-after}. */
  public int stuck() {
    return (int) running.stream().filter(job -> job.age() > stuckAfter.toNanos()).count();
  }

  /** Whether the pool takes tasks and every worker is there. Starts those anew that are not. */
  public boolean alive() {
    return threads.alive();
  }

  /** Finishes what is under way and what waits; blocks until then, 5 seconds at most. */
  @PreDestroy
  public void close() {
    beforeClose.forEach(Runnable::run);
    threads.close().forEach(Job::abandon);
    alarms.close();
  }

  void remove(QueuedTask<?> turn) {
    threads.remove(turn);
  }

  /** Puts a job before all that waits, because the requests in it have waited already. */
  public void runFirst(Job job) {
    threads.runFirst(job);
  }

  public ServingException closed() {
    return admission.closed();
  }

  public void begin(Job job) {
    running.add(job);
  }

  public void end(Job job) {
    running.remove(job);
  }
}
