package dev.glimpse.simulation;

import dev.glimpse.workers.Timers;
import java.util.concurrent.RejectedExecutionException;

/** Fires production's timers by virtual time. */
final class SimulatedTimers implements Timers {

  private static final String THREAD = "deadlines";

  private final Scheduler scheduler;
  private final EventLoop loop;
  private final World world;
  private boolean closed;

  SimulatedTimers(Scheduler scheduler, World world) {
    this.scheduler = scheduler;
    this.world = world;
    this.loop = new EventLoop(scheduler, THREAD);
  }

  @Override
  public Runnable after(long nanos, Runnable action) {
    if (closed) {
      throw new RejectedExecutionException("closed");
    }
    if (!scheduler.runs(THREAD)) { // there, nothing else would enforce the deadline
      world.allocate("a timer");
    }
    Runnable cancel = loop.after(nanos, action);
    scheduler.interleave(); // it may fire before the caller knows how to cancel it
    return cancel;
  }

  /** Returns how many timers have neither fired nor been cancelled. */
  int pending() {
    return loop.waiting();
  }

  @Override
  public void close() {
    closed = true;
    loop.clear();
    loop.close();
  }
}
