package dev.glimpse.simulation;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;

/** Runs actions at their times, one after the other, on a simulated thread. */
public final class EventLoop {

  private record Event(long at, long number, Runnable action) {}

  private final Scheduler scheduler;
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::number));
  private long number;
  private boolean running;
  private boolean closed;

  EventLoop(Scheduler scheduler, String name) {
    this.scheduler = scheduler;
    scheduler.thread(name, this::run).start();
  }

  private void run() {
    BooleanSupplier due =
        () -> closed || (!events.isEmpty() && events.peek().at <= scheduler.now());
    while (true) {
      scheduler.await(due, () -> events.isEmpty() ? Long.MAX_VALUE : events.peek().at);
      if (events.isEmpty()) {
        return; // closed
      }
      running = true;
      Event next = events.remove();
      scheduler.interleave(); // it may be cancelled too late
      next.action.run();
      running = false;
    }
  }

  /** Runs an action after a delay; the result cancels it. */
  Runnable after(long nanos, Runnable action) {
    Event event = new Event(scheduler.now() + Math.max(nanos, 0), number++, action);
    events.add(event);
    return () -> events.remove(event);
  }

  /** Returns how many actions wait. */
  int waiting() {
    return events.size();
  }

  /** Returns whether no action waits or runs. */
  boolean idle() {
    return events.isEmpty() && !running;
  }

  /** Drops all actions. */
  void clear() {
    events.clear();
  }

  /** Ends the thread once nothing waits. */
  void close() {
    closed = true;
  }
}
