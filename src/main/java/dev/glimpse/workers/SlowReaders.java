package dev.glimpse.workers;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;

/**
 * Knows the requests that hold a slot while their bodies arrive, and takes it from the one that has
 * been reading for longest when another request needs it: a slot is for what a worker could do, and
 * a body that has not arrived keeps no worker busy. Any thread may call it.
 */
final class SlowReaders {

  /** Bodies that take longer are slow; nearly all arrive faster. */
  private static final Duration SLOW = Duration.ofMillis(250);

  /** Stands for the start time of a body that waits for memory. */
  private static final long PAUSED = Long.MAX_VALUE;

  private final LongSupplier clock;
  private final boolean keepSlots;
  private final Map<Permit, Long> started = new LinkedHashMap<>();

  /**
   * Creates an empty record.
   *
   * @param keepSlots whether requests keep their slots however slow their bodies are: then it stays
   *     empty
   */
  SlowReaders(LongSupplier clock, boolean keepSlots) {
    this.clock = clock;
    this.keepSlots = keepSlots;
  }

  /** Adds a request whose body begins to arrive, or goes on arriving. */
  synchronized void add(Permit permit) {
    put(permit, clock.getAsLong());
  }

  /** Adds a request whose body cannot arrive now, which is not its client's fault. */
  synchronized void addPaused(Permit permit) {
    put(permit, PAUSED);
  }

  private void put(Permit permit, long since) {
    if (!keepSlots) {
      started.put(permit, since);
    }
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
    long now = clock.getAsLong();
    return giveUpSlot(since -> since != PAUSED && now - since >= SLOW.toNanos());
  }

  /** Takes any reader's slot; returns false if there is no reader. The slot stays taken. */
  synchronized boolean giveUpAnySlot() {
    return giveUpSlot() || giveUpSlot(since -> true);
  }

  private boolean giveUpSlot(LongPredicate isEligible) {
    Iterator<Map.Entry<Permit, Long>> oldestFirst = started.entrySet().iterator();
    while (oldestFirst.hasNext()) {
      Map.Entry<Permit, Long> reader = oldestFirst.next();
      if (isEligible.test(reader.getValue())) {
        oldestFirst.remove();
        if (reader.getKey().lend()) {
          return true;
        }
      }
    }
    return false;
  }
}
