package dev.glimpse.support;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongSupplier;

/** Fakes time that a test advances, and its timers. */
public final class FakeTime implements LongSupplier {

  private record Alarm(long at, Runnable action) {}

  private final List<Alarm> alarms = new ArrayList<>();
  private long now = 1_000_000;

  @Override
  public synchronized long getAsLong() {
    return now;
  }

  /** Starts a timer; the result cancels it. */
  public synchronized Runnable after(long nanos, Runnable action) {
    Alarm alarm = new Alarm(now + nanos, action);
    alarms.add(alarm);
    return () -> takeBack(alarm);
  }

  /** Advances time and runs the timers that are due, on this thread. */
  public void pass(Duration time) {
    long end;
    synchronized (this) {
      end = now + time.toNanos();
    }
    for (Alarm due = next(end); due != null; due = next(end)) {
      due.action.run();
    }
  }

  /** Returns the number of pending timers. */
  public synchronized int alarms() {
    return alarms.size();
  }

  private synchronized void takeBack(Alarm alarm) {
    alarms.remove(alarm);
  }

  private synchronized Alarm next(long end) {
    Alarm due =
        alarms.stream()
            .filter(a -> a.at <= end)
            .min(Comparator.comparingLong(Alarm::at))
            .orElse(null);
    if (due != null) {
      alarms.remove(due);
    }
    now = Math.max(now, due == null ? end : due.at);
    return due;
  }
}
