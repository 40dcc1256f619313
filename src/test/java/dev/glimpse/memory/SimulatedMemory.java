package dev.glimpse.memory;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.simulation.Scheduler;
import java.util.concurrent.CompletableFuture;

/** Makes budgets for which threads wait by a simulation's rules. */
public final class SimulatedMemory {

  private static final MemoryLimits LIMITS = new MemoryLimits(1L << 28, 1L << 29);

  private SimulatedMemory() {}

  /** Makes the configured budgets, of a machine that is the same everywhere. */
  public static RequestMemory of(GlimpseConfig config, Scheduler scheduler) {
    return new RequestMemory(config, LIMITS, granted -> block(granted, scheduler));
  }

  private static void block(CompletableFuture<Void> granted, Scheduler scheduler) {
    if (!granted.isDone()) {
      scheduler.await(granted::isDone);
    }
    granted.join();
  }
}
