package dev.glimpse.api.http;

import dev.glimpse.memory.MemoryBudget;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Knows the bodies that are arriving, and ends some of them when other requests wait for their
 * memory: those that have fallen behind, and sooner those that have stalled, where their client has
 * more of the memory than one that waits. Any thread may call it.
 */
final class SlowBodies {

  private static final long CHECK_EVERY_MILLIS = 25;

  /**
   * How many bodies are ended at a time, and more where many clients wait: each costs a response,
   * and other requests on the same event loop are not to wait for hundreds of them.
   */
  private static final int FEW = 16;

  /** A check that comes later than this says that the service is slow, not its clients. */
  private static final long LATE = TimeUnit.MILLISECONDS.toNanos(150);

  private final Vertx vertx;
  private final MemoryBudget firstBytes;
  private final LongSupplier clock;
  private final long checkEveryMillis;
  private final Set<Arriving> arriving = new LinkedHashSet<>();
  private final List<Wait> waits = new ArrayList<>();
  private long timer = -1;
  private long checked;

  /** Describes a body that is arriving. */
  interface Arriving {

    /** Returns whether it has fallen behind, as {@link BodyClock#isBehind} says. */
    boolean isBehind();

    /** Returns whether nothing of it arrives, as {@link BodyClock#isStalled} says. */
    boolean isStalled();

    /** Returns what identifies its client. */
    Object client();

    /** Forgives it what it has fallen behind, because the service was slow. */
    void excuse();

    /** Returns the bytes that it holds of a budget. */
    long bytes(MemoryBudget budget);

    /** Ends it. */
    void giveUpMemory();
  }

  /** Waits for bytes of a budget. */
  private record Wait(Future<?> granted, Object client, MemoryBudget budget, long bytes) {}

  /**
   * Creates a record without bodies.
   *
   * @param firstBytes the budget of which a body should need some only for an instant
   */
  SlowBodies(Vertx vertx, MemoryBudget firstBytes) {
    this(vertx, firstBytes, System::nanoTime, CHECK_EVERY_MILLIS);
  }

  /**
   * Creates a record without bodies.
   *
   * @param clock in nanoseconds
   */
  SlowBodies(Vertx vertx, MemoryBudget firstBytes, LongSupplier clock, long checkEveryMillis) {
    this.clock = clock;
    this.vertx = vertx;
    this.firstBytes = firstBytes;
    this.checkEveryMillis = checkEveryMillis;
  }

  synchronized void add(Arriving body) {
    arriving.add(body);
  }

  synchronized void remove(Arriving body) {
    arriving.remove(body);
  }

  /**
   * Ends bodies until a request has the memory that it waits for.
   *
   * @param granted done when it has, or when it does not wait any more
   * @param client whose request it is
   */
  synchronized void reclaimUntil(
      Future<?> granted, Object client, MemoryBudget budget, long bytes) {
    waits.add(new Wait(granted, client, budget, bytes));
    if (waits.size() == 1) {
      checked = clock.getAsLong();
      timer = vertx.setPeriodic(checkEveryMillis, id -> check());
    }
  }

  /** Ends what has to be ended now. */
  void check() {
    behind().forEach(Arriving::giveUpMemory);
  }

  private synchronized List<Arriving> behind() {
    long now = clock.getAsLong();
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

  /** Removes enough bodies for all requests that wait, or as many as are ended at a time. */
  private List<Arriving> reclaim() {
    Map<MemoryBudget, Long> missing = new LinkedHashMap<>();
    Map<MemoryBudget, Long> least = new LinkedHashMap<>();
    Set<Object> clients = new HashSet<>();
    for (Wait wait : waits) {
      missing.merge(wait.budget, wait.bytes, Long::sum);
      least.merge(wait.budget, wait.budget.held(wait.client), Math::min);
      clients.add(wait.client);
    }
    int most = Math.max(FEW, clients.size() / FEW);
    List<Arriving> ended = new ArrayList<>();
    for (Arriving body : arriving) { // oldest first
      if (ended.size() == most) {
        break;
      }
      boolean mayEnd = body.isBehind() || (body.isStalled() && holdsMore(body, least));
      if (mayEnd && reduces(missing, body)) {
        ended.add(body);
      }
    }
    ended.forEach(arriving::remove);
    return ended;
  }

  /**
   * Returns whether a body's client would hold more than one that waits without this body, too; of
   * the first bytes, as much.
   */
  private boolean holdsMore(Arriving body, Map<MemoryBudget, Long> least) {
    return least.entrySet().stream()
        .anyMatch(entry -> {
          MemoryBudget budget = entry.getKey();
          long bytes = body.bytes(budget);
          long others = budget.held(body.client()) - bytes - entry.getValue();
          return bytes > 0 && (budget == firstBytes ? others >= 0 : others > 0);
        });
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
