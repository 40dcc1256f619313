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

  private SimulatedWorkers(Queue queue) {
    this.queue = queue;
  }

  /** Holds a pool and its queue. */
  public record Pool(WorkerPool pool, SimulatedWorkers workers) {}

  /** Makes a pool. */
  public static Pool pool(GlimpseConfig config, Scheduler scheduler, Timers timers) {
    Queue queue = new Queue(scheduler);
    WorkerPool pool =
        new WorkerPool(
            config,
            scheduler,
            timers,
            count -> new WorkerThreads(queue, new Executor(count, queue, scheduler)));
    return new Pool(pool, new SimulatedWorkers(queue));
  }

  /** Returns how many requests wait for a worker; runs of batches do not count. */
  public long requestsInQueue() {
    return queue.stream().filter(job -> !(job instanceof Job) || isRequest(job)).count();
  }

  /** Returns how many requests have ended and are still in the queue. */
  public long endedInQueue() {
    return queue.stream()
        .filter(job -> job instanceof QueuedTask<?> task && task.result().isDone())
        .count();
  }

  private static boolean isRequest(Runnable job) {
    return job instanceof QueuedTask || job instanceof ResumedTask;
  }

  /** Lets the worker that takes a job wait by the simulation's rules. */
  private static final class Queue extends LinkedBlockingDeque<Runnable> {

    private static final long serialVersionUID = 1L;

    private final transient Scheduler scheduler;
    private transient volatile boolean shutdown;

    Queue(Scheduler scheduler) {
      this.scheduler = scheduler;
    }

    @Override
    public boolean offer(Runnable job) {
      boolean added = super.offer(job);
      scheduler.interleave();
      return added;
    }

    @Override
    public Runnable take() throws InterruptedException {
      scheduler.await(() -> shutdown || !isEmpty());
      Runnable job = poll();
      if (job == null) {
        Thread.interrupted();
        throw new InterruptedException(); // as the executor does to idle threads
      }
      return job;
    }
  }

  private static final class Executor extends ThreadPoolExecutor {

    private final Queue queue;
    private final Scheduler scheduler;

    Executor(int count, Queue queue, Scheduler scheduler) {
      this(count, queue, scheduler, new AtomicInteger());
    }

    private Executor(int count, Queue queue, Scheduler scheduler, AtomicInteger number) {
      super(
          count,
          count,
          0,
          TimeUnit.SECONDS,
          queue,
          task -> scheduler.thread("worker-" + number.incrementAndGet(), task));
      this.queue = queue;
      this.scheduler = scheduler;
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
