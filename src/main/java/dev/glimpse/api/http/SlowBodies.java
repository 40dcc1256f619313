package dev.glimpse.api.http;

import dev.glimpse.memory.MemoryBudget;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Knows the bodies that are arriving, and ends those that have fallen behind when other requests
 * wait for their memory. Any thread may call it.
 */
final class SlowBodies {

  private static final long CHECK_EVERY_MILLIS = 100;

  /** A check that comes later than this says that the service is slow, not its clients. */
  private static final long LATE = TimeUnit.MILLISECONDS.toNanos(150);

  private final Vertx vertx;
  private final Set<Arriving> arriving = new LinkedHashSet<>();
  private final List<Wait> waits = new ArrayList<>();
  private long timer = -1;
  private long checked;

  /** Describes a body that is arriving. */
  interface Arriving {

    /** Returns whether it has fallen behind, as {@link BodyClock#isBehind} says. */
    boolean isBehind();

    /** Forgives it what it has fallen behind, because the service was slow. */
    void excuse();

    /** Returns the bytes that it holds of a budget. */
    long bytes(MemoryBudget budget);

    /** Ends it. */
    void giveUpMemory();
  }

  /** Waits for bytes of a budget. */
  private record Wait(Future<?> granted, MemoryBudget budget, long bytes) {}

  SlowBodies(Vertx vertx) {
    this.vertx = vertx;
  }

  synchronized void add(Arriving body) {
    arriving.add(body);
  }

  synchronized void remove(Arriving body) {
    arriving.remove(body);
  }

  /**
   * Ends bodies that have fallen behind, until a request has the memory that it waits for.
   *
   * @param granted done when it has, or when it does not wait any more
   */
  synchronized void reclaimUntil(Future<?> granted, MemoryBudget budget, long bytes) {
    waits.add(new Wait(granted, budget, bytes));
    if (waits.size() == 1) {
      checked = System.nanoTime();
      timer = vertx.setPeriodic(CHECK_EVERY_MILLIS, id -> check());
    }
  }

  /** Ends what has to be ended now. */
  void check() {
    behind().forEach(Arriving::giveUpMemory);
  }

  private synchronized List<Arriving> behind() {
    long now = System.nanoTime();
    boolean late = now - checked > LATE;
    checked = now;
    waits.removeIf(wait -> wait.granted.isDone());
    if (waits.isEmpty()) {
      vertx.cancelTimer(timer);
    } else if (late) {
      arriving.forEach(Arriving::excuse);
    } else {
      return reclaim();
    }
    return List.of();
  }

  /** Removes enough bodies for all requests that wait. */
  private List<Arriving> reclaim() {
    Map<MemoryBudget, Long> missing = new LinkedHashMap<>();
    waits.forEach(wait -> missing.merge(wait.budget, wait.bytes, Long::sum));
    List<Arriving> ended = new ArrayList<>();
    for (Arriving body : arriving) { // oldest first
      if (body.isBehind() && reduces(missing, body)) {
        ended.add(body);
      }
    }
    ended.forEach(arriving::remove);
    return ended;
  }

  /** Subtracts what a body holds from what is missing; returns whether that reduces it. */
  private static boolean reduces(Map<MemoryBudget, Long> missing, Arriving body) {
    boolean needed =
        missing.entrySet().stream()
            .anyMatch(entry -> entry.getValue() > 0 && body.bytes(entry.getKey()) > 0);
    if (needed) {
      missing.replaceAll((budget, bytes) -> bytes - body.bytes(budget));
    }
    return needed;
  }
}
