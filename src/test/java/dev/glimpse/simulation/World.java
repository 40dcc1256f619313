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
  private final SimulatedCodec codec = new SimulatedCodec(this);

  World(Scheduler scheduler, SplittableRandom random, Images images, boolean allocationsFail) {
    this.scheduler = scheduler;
    this.random = random;
    this.images = images;
    this.allocationsFail = allocationsFail;
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

  /** Lets up to so many milliseconds pass for the calling thread. */
  void sleep(int maxMillis) {
    scheduler.sleep(random.nextInt(maxMillis * 4 + 1) * (250 * MICROSECOND));
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
