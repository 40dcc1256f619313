package dev.glimpse.workers;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Knows the requests whose bodies are arriving, and takes the slot of the one that has been reading
 * for longest when another request needs it: a slot is for what a worker could do, and a body that
 * is slow to arrive keeps no worker busy. Any thread may call it.
 */
final class SlowReaders {

  /** Nearly all bodies arrive faster. */
  private static final Duration SLOW = Duration.ofMillis(250);

  private final LongSupplier clock;
  private final Map<Permit, Long> started = new LinkedHashMap<>();

  SlowReaders(LongSupplier clock) {
    this.clock = clock;
  }

  /** Adds a request whose body begins to arrive. */
  synchronized void add(Permit permit) {
    started.put(permit, clock.getAsLong());
  }

  /** Removes a request whose body has arrived, or that has ended. */
  synchronized void remove(Permit permit) {
    started.remove(permit);
  }

  /** Returns how many requests it knows. */
  synchronized int count() {
    return started.size();
  }

  /** Takes a slow reader's slot; returns false if no reader is slow. The slot stays taken. */
  synchronized boolean giveUpSlot() {
    Iterator<Map.Entry<Permit, Long>> oldestFirst = started.entrySet().iterator();
    while (oldestFirst.hasNext()) {
      Map.Entry<Permit, Long> oldest = oldestFirst.next();
      if (clock.getAsLong() - oldest.getValue() < SLOW.toNanos()) {
        return false;
      }
      oldestFirst.remove();
      if (oldest.getKey().lend()) {
        return true;
      }
    }
    return false;
  }
}
