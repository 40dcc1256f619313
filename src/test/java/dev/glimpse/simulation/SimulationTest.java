package dev.glimpse.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs seeds: a thousand, or {@code -Dsimulation.seeds=N}, from {@code -Dsimulation.first=SEED} on,
 * and no new ones after {@code -Dsimulation.minutes=N}.
 */
class SimulationTest {

  private static final Logger LOG = Logger.getLogger("dev.glimpse");
  private static final Level LEVEL = LOG.getLevel();

  /** Logs each failure that is injected into a run whose result is kept, with its stack. */
  private static final Logger CACHE =
      Logger.getLogger("com.github.benmanes.caffeine.cache.LocalAsyncCache");

  private static final Level CACHE_LEVEL = CACHE.getLevel();

  private static final long FIRST = Long.getLong("simulation.first", 1);
  private static final long END = FIRST + Long.getLong("simulation.seeds", 1000);

  private static final Duration LONGEST =
      Duration.ofMinutes(Long.getLong("simulation.minutes", 1000));

  @TempDir Path folder;

  /** Production logs every reload, and thousands happen here, as do failures. */
  @BeforeAll
  static void logNothing() {
    LOG.setLevel(Level.OFF);
    CACHE.setLevel(Level.OFF);
  }

  @AfterAll
  static void logAgain() {
    LOG.setLevel(LEVEL);
    CACHE.setLevel(CACHE_LEVEL);
  }

  @Test
  void nothingIsLostDoubledOrMixedUp() throws Exception {
    AtomicLong next = new AtomicLong(FIRST);
    long deadline = System.nanoTime() + LONGEST.toNanos();
    int threads = Runtime.getRuntime().availableProcessors();
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    List<Future<?>> runs = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      SimulatedSettings settings = new SimulatedSettings(folder.resolve("repository-" + i));
      runs.add(executor.submit(() -> run(next, deadline, settings)));
    }
    executor.shutdown();
    for (Future<?> run : runs) {
      run.get();
    }
    assertThat(next.get()).as("seeds were run").isGreaterThan(FIRST);
    if (next.get() < END) {
      System.out.printf("Time was left for the seeds from %d to %d.%n", FIRST, next.get() - 1);
    }
  }

  private static void run(AtomicLong next, long deadline, SimulatedSettings settings) {
    while (System.nanoTime() < deadline) {
      long seed = next.getAndIncrement();
      if (seed >= END) {
        return;
      }
      Simulation.Result result = Simulation.run(seed, settings);
      if (result.violation() != null) {
        next.set(END);
        fail(report(seed, result), result.violation());
      }
    }
  }

  @Test
  void oneSeedIsOneRun() {
    SimulatedSettings settings = new SimulatedSettings(folder);
    for (long seed = FIRST; seed < Math.min(FIRST + 20, END); seed++) {
      long once = Simulation.run(seed, settings, true).trace().hash();
      assertThat(Simulation.run(seed, settings, true).trace().hash())
          .as("seed %d", seed)
          .isEqualTo(once);
    }
  }

  private static String report(long seed, Simulation.Result result) {
    return """
    Seed %d: %s
    Replay it: ./mvnw test -Dtest=SimulationTest -Dsimulation.seeds=1 -Dsimulation.first=%1$d

    %s
    """
        .formatted(seed, result.violation().getMessage(), result.trace());
  }
}
