package dev.glimpse.workers;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.simulation.Scheduler;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Gives a {@link WorkerPool} threads that a simulation runs one at a time. */
public final class SimulatedWorkers {

  private final Queue queue;

  private final WorkerPool pool;

  private SimulatedWorkers(Queue queue, WorkerPool pool) {
    this.queue = queue;
    this.pool = pool;
  }

  /** Holds a pool and its queue. */
  public record Pool(WorkerPool pool, SimulatedWorkers workers) {}

  /** Says what goes wrong in the threads. */
  public interface Faults {

    /** Returns whether the calling worker dies, or a thread cannot be started, now. */
    boolean workerDies();

    /** Throws an error now and then. */
    void allocate(String what);
  }

  /** Makes a pool. */
  public static Pool pool(GlimpseConfig config, Scheduler scheduler, Timers timers, Faults faults) {
    Queue queue = new Queue(scheduler, faults);
    WorkerPool pool =
        new WorkerPool(
            config,
            scheduler,
            timers,
            count -> new WorkerThreads(queue, new Executor(count, queue, scheduler, faults)));
    return new Pool(pool, new SimulatedWorkers(queue, pool));
  }

  /** Returns whether more requests wait for a worker than this; runs of batches do not count. */
  public boolean holdsMoreThan(int requests) {
    return queue.size() > requests && requestsInQueue() > requests;
  }

  private long requestsInQueue() {
    return queue.stream().filter(task -> !(task instanceof WorkerTask) || isRequest(task)).count();
  }

  /** Returns how many requests have ended and are still in the queue. */
  public long endedInQueue() {
    return queue.stream()
        .filter(task -> task instanceof QueuedTask<?> queued && queued.result().isDone())
        .count();
  }

  /** Returns how many requests are receiving their body, as the pool knows it. */
  public int reading() {
    return pool.reading();
  }

  private static boolean isRequest(Runnable task) {
    return task instanceof QueuedTask || task instanceof ResumedTask;
  }

  /** Ends a worker between two tasks. */
  private static final class WorkerDied extends Error {

    private static final long serialVersionUID = 1L;

    WorkerDied() {
      super("simulated", null, false, false);
    }
  }

  /** Lets the worker that takes a task wait by the simulation's rules. */
  private static final class Queue extends LinkedBlockingDeque<Runnable> {

    private static final long serialVersionUID = 1L;

    private final transient Scheduler scheduler;
    private final transient Faults faults;
    private transient volatile boolean shutdown;

    Queue(Scheduler scheduler, Faults faults) {
      this.scheduler = scheduler;
      this.faults = faults;
    }

    @Override
    public boolean offer(Runnable task) {
      faults.allocate("a place in the queue");
      boolean added = super.offer(task);
      scheduler.interleave();
      return added;
    }

    @Override
    public void addFirst(Runnable task) {
      faults.allocate("the first place in the queue");
      super.addFirst(task);
      scheduler.interleave();
    }

    @Override
    public Runnable take() throws InterruptedException {
      scheduler.await(() -> shutdown || !isEmpty());
      if (!shutdown && faults.workerDies()) {
        throw new WorkerDied();
      }
      Runnable task = poll();
      if (task == null) {
        Thread.interrupted();
        throw new InterruptedException(); // as the executor does to idle threads
      }
      scheduler.interleave(); // it may be cancelled before it starts
      return task;
    }
  }

  private static final class Executor extends ThreadPoolExecutor {

    private final Queue queue;
    private final Scheduler scheduler;

    Executor(int count, Queue queue, Scheduler scheduler, Faults faults) {
      this(count, queue, scheduler, faults, new AtomicInteger());
    }

    private Executor(
        int count, Queue queue, Scheduler scheduler, Faults faults, AtomicInteger number) {
      super(
          count,
          count,
          0,
          TimeUnit.SECONDS,
          queue,
          task ->
              number.incrementAndGet() > count && faults.workerDies()
                  ? null
                  : scheduler.thread("worker-" + number, () -> runUntilItDies(task)));
      this.queue = queue;
      this.scheduler = scheduler;
    }

    private static void runUntilItDies(Runnable task) {
      try {
        task.run();
      } catch (WorkerDied e) {
        // as intended; the executor knows
      }
    }

    @Override
    public void shutdown() {
      super.shutdown();
      queue.shutdown = true;
    }

    @Override
    public boolean awaitTermination(long time, TimeUnit unit) {
      scheduler.awaitFor(this::isTerminated, unit.toNanos(time));
      return isTerminated();
    }
  }
}
