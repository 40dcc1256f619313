package dev.glimpse.lifecycle;

import dev.glimpse.bytes.NativeBlocks;
import dev.glimpse.engine.OnnxRuntimeEngine;
import dev.glimpse.failure.ServingException;
import dev.glimpse.memory.MemoryBudget;
import dev.glimpse.memory.RequestMemory;
import dev.glimpse.workers.WorkerPool;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * Returns memory to the system some seconds after a burst of large bodies. Neither a JVM nor an
 * executable shrinks its heap without a full collection, and none happens while nothing is
 * allocated.
 */
@ApplicationScoped
class MemoryReturn {

  private static final Logger LOG = Logger.getLogger(MemoryReturn.class);

  /** Bodies that took less at a time are not worth a collection. */
  private static final long BURST = 32 << 20;

  /** A pause may be longer than a response takes, so it has to hit no request. */
  private static final long QUIET = TimeUnit.SECONDS.toNanos(5);

  /** The serial collector shrinks its heap in as many steps, unless a flag says otherwise. */
  private static final int COLLECTIONS = 4;

  /** Heaps up to this size are not worth a further collection. */
  private static final long ENOUGH = 64 << 20;

  private final MemoryBudget bodies;
  private final NativeBlocks blocks;
  private final WorkerPool workers;
  private final AtomicBoolean planned = new AtomicBoolean();

  /** When the budget was last empty after a burst. */
  private volatile long emptied;

  MemoryReturn(RequestMemory memory, WorkerPool workers) {
    this.bodies = memory.bodies();
    this.blocks = memory.blocks();
    this.workers = workers;
  }

  void start(@Observes StartupEvent event) {
    bodies.onEmptied(Math.max(Math.min(bodies.capacity() / 2, BURST), 1), this::emptied);
  }

  private void emptied() {
    emptied = System.nanoTime();
    plan();
  }

  private void plan() {
    if (planned.compareAndSet(false, true)) {
      try {
        workers.timers().after(QUIET, this::start);
      } catch (RejectedExecutionException e) {
        LOG.debug("The service is stopping; memory is not returned any more.");
      }
    }
  }

  private void start() {
    planned.set(false);
    if (bodies.used() > 0) {
      return; // planned again when they are gone
    }
    if (System.nanoTime() - emptied < QUIET || workers.taken() > 0) {
      plan();
      return;
    }
    try {
      var unused = workers.submit(permit -> returned());
    } catch (ServingException e) {
      plan();
    }
  }

  private boolean returned() {
    long started = System.nanoTime();
    bodies.forgetPeak();
    int collections = 0;
    do {
      System.gc();
      collections++;
    } while (collections < COLLECTIONS && mostIsFree(Runtime.getRuntime()));
    blocks.freeKept();
    OnnxRuntimeEngine.trim();
    LOG.debugf(
        "%d collections after a burst took %d ms",
        collections, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started));
    return true;
  }

  private static boolean mostIsFree(Runtime heap) {
    return heap.totalMemory() > ENOUGH && heap.freeMemory() > heap.totalMemory() / 4 * 3;
  }
}
