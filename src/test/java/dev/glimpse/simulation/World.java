package dev.glimpse.simulation;

import dev.glimpse.workers.SimulatedWorkers;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** Holds what the simulated parts share. */
final class World implements SimulatedWorkers.Faults {

  private static final long MICROSECOND = 1000;

  private final Scheduler scheduler;
  private final SplittableRandom random;
  private final Images images;
  private final boolean allocationsFail;
  private final int slowness;
  private final boolean workersDie;
  private boolean allocationFailed;
  private final SimulatedCodec codec;

  World(Scheduler scheduler, SplittableRandom random, Images images, Plan plan) {
    this.scheduler = scheduler;
    this.random = random;
    this.images = images;
    this.allocationsFail = plan.allocationsFail();
    this.slowness = plan.slowness();
    this.workersDie = plan.workersDie();
    this.codec = new SimulatedCodec(this, plan.settings() % 2 == 0);
  }

  SplittableRandom random() {
    return random;
  }

  Images images() {
    return images;
  }

  SimulatedCodec codec() {
    return codec;
  }

  /** Returns whether the calling code is to run out of memory now. */
  boolean allocationFails() {
    boolean fails = allocationsFail && random.nextInt(10) == 0;
    allocationFailed |= fails;
    return fails;
  }

  /** Returns whether anything has run out of memory. */
  boolean allocationFailed() {
    return allocationFailed;
  }

  /** Throws an error now and then, in a run in which allocations fail. */
  @Override
  public void allocate(String what) {
    if (allocationFails()) {
      throw new OutOfMemoryError("simulated, for " + what);
    }
  }

  /** Returns whether a worker is to die, or a thread is not to start, now. */
  @Override
  public boolean workerDies() {
    return workersDie && random.nextInt(20) == 0;
  }

  /** Lets up to so many milliseconds pass for the calling thread, or more in a slow run. */
  void sleep(int maxMillis) {
    scheduler.sleep(random.nextInt(maxMillis * 4 + 1) * (250 * MICROSECOND) * slowness);
  }

  void log(Supplier<String> what) {
    scheduler.log(what);
  }

  /** Ends the simulation if something is not as it must be. */
  void require(boolean holds, Supplier<String> otherwise) {
    if (!holds) {
      throw scheduler.fail(new Violation(otherwise.get()));
    }
  }
}
