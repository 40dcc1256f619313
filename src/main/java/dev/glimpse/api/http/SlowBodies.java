package dev.glimpse.api.http;

import dev.glimpse.memory.MemoryBudget;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
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
  private final Set<BodyReading> arriving = new LinkedHashSet<>();
  private final List<Wait> waits = new ArrayList<>();
  private long timer = -1;
  private long checked;

  /** Waits for bytes of a budget. */
  private record Wait(Future<?> granted, MemoryBudget budget, long bytes) {}

  SlowBodies(Vertx vertx) {
    this.vertx = vertx;
  }

  synchronized void add(BodyReading body) {
    arriving.add(body);
  }

  synchronized void remove(BodyReading body) {
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

  private void check() {
    behind().forEach(BodyReading::giveUpMemory);
  }

  private synchronized List<BodyReading> behind() {
    long now = System.nanoTime();
    boolean late = now - checked > LATE;
    checked = now;
    waits.removeIf(wait -> wait.granted.isDone());
    if (waits.isEmpty()) {
      vertx.cancelTimer(timer);
    } else if (late) {
      arriving.forEach(body -> body.clock().excuse());
    } else {
      return reclaim();
    }
    return List.of();
  }

  /** Removes enough bodies for the request that has waited longest. */
  private List<BodyReading> reclaim() {
    List<BodyReading> ended = new ArrayList<>();
    Wait first = waits.get(0);
    long missing = first.bytes;
    for (BodyReading body : arriving) { // oldest first
      long memory = body.clock().isBehind() ? body.memory().bytes(first.budget) : 0;
      if (missing > 0 && memory > 0) {
        missing -= memory;
        ended.add(body);
      }
    }
    ended.forEach(arriving::remove);
    return ended;
  }
}
