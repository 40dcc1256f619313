package dev.glimpse.simulation;

import dev.glimpse.workers.Timers;
import java.util.concurrent.RejectedExecutionException;

/** Fires production's timers by virtual time. */
final class SimulatedTimers implements Timers {

  private final Scheduler scheduler;
  private final EventLoop loop;
  private boolean closed;

  SimulatedTimers(Scheduler scheduler) {
    this.scheduler = scheduler;
    this.loop = new EventLoop(scheduler, "deadlines");
  }

  @Override
  public Runnable after(long nanos, Runnable action) {
    if (closed) {
      throw new RejectedExecutionException("closed");
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
