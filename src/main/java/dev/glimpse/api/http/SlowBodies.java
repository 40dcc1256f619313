package dev.glimpse.api.http;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;

/**
 * Knows the bodies that are arriving, and ends slow ones when other requests wait for their memory.
 * Any thread may call it.
 */
final class SlowBodies {

  /** How old a body has to be before its rate says something. */
  private static final Duration OLD = Duration.ofMillis(800);

  private static final long LOOK_EVERY_MILLIS = 200;

  private final Vertx vertx;
  private final Set<BodyReading> arriving = new LinkedHashSet<>();

  SlowBodies(Vertx vertx) {
    this.vertx = vertx;
  }

  void add(BodyReading body) {
    synchronized (arriving) {
      arriving.add(body);
    }
  }

  void remove(BodyReading body) {
    synchronized (arriving) {
      arriving.remove(body);
    }
  }

  /**
   * Ends slow bodies until a request has the memory that it waits for: those that are slow now, and
   * while it waits, those that turn out to be.
   *
   * @return stops it
   */
  Runnable reclaimUntil(Future<?> granted, long bytes) {
    reclaim(bytes);
    long timer =
        vertx.setPeriodic(
            LOOK_EVERY_MILLIS,
            id -> {
              if (!granted.isDone()) {
                reclaim(bytes);
              }
            });
    return () -> vertx.cancelTimer(timer);
  }

  private void reclaim(long bytes) {
    List<BodyReading> ended = new ArrayList<>();
    synchronized (arriving) {
      long missing = bytes;
      for (BodyReading body : arriving) { // oldest first
        long memory = missing > 0 ? body.memoryToGiveUp(OLD) : 0;
        if (memory > 0) {
          missing -= memory;
          ended.add(body);
        }
      }
      ended.forEach(arriving::remove);
    }
    ended.forEach(BodyReading::giveUpMemory);
  }
}
