package dev.glimpse.simulation;

import java.util.SplittableRandom;
import java.util.function.Supplier;

/** Holds what the simulated parts share. */
final class World {

  private static final long MICROSECOND = 1000;

  private final Scheduler scheduler;
  private final SplittableRandom random;
  private final Images images;
  private final boolean allocationsFail;
  private final int slowness;
  private final SimulatedCodec codec = new SimulatedCodec(this);

  World(Scheduler scheduler, SplittableRandom random, Images images, Plan plan) {
    this.scheduler = scheduler;
    this.random = random;
    this.images = images;
    this.allocationsFail = plan.allocationsFail();
    this.slowness = plan.slowness();
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

  boolean allocationFails() {
    return allocationsFail && random.nextInt(10) == 0;
  }

  /** Lets up to so many milliseconds pass for the calling thread, or more in a slow run. */
  void sleep(int maxMillis) {
    scheduler.sleep(random.nextInt(maxMillis * 4 + 1) * (250 * MICROSECOND) * slowness);
  }

  void log(String what) {
    scheduler.log(what);
  }

  /** Ends the simulation if something is not as it must be. */
  void require(boolean holds, Supplier<String> otherwise) {
    if (!holds) {
      throw scheduler.fail(new Violation(otherwise.get()));
    }
  }
}
