package dev.glimpse.simulation;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.support.Configs;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Makes settings for a model repository. Reading settings takes longer than a run does, so there
 * are not as many as seeds. For one thread.
 */
final class SimulatedSettings {

  static final int COUNT = 96;

  private final SimulatedRepository repository;
  private final Map<Integer, GlimpseConfig> made = new HashMap<>();

  /**
   * Makes the repository.
   *
   * @param folder empty
   */
  SimulatedSettings(Path folder) {
    this.repository = new SimulatedRepository(folder);
  }

  SimulatedRepository repository() {
    return repository;
  }

  GlimpseConfig of(int number) {
    return made.computeIfAbsent(number, this::make);
  }

  private GlimpseConfig make(int number) {
    SplittableRandom random = new SplittableRandom(number);
    Map<String, String> settings = new HashMap<>();
    settings.put("glimpse.models.path", repository.folder().toString());
    settings.put("glimpse.models.default", "a");
    settings.put("glimpse.repository.control", "true");
    settings.put("glimpse.image.kept-memory", "0");
    settings.put("glimpse.workers.count", oneOf(random, "1", "2", "3"));
    settings.put("glimpse.queue.size", oneOf(random, "0", "1", "3", "6", "12"));
    settings.put("glimpse.queue.timeout", oneOf(random, "30ms", "100ms", "1s"));
    settings.put("glimpse.queue.body-timeout", oneOf(random, "100ms", "1s"));
    settings.put("glimpse.memory.bodies", oneOf(random, "256K", "512K", "64M"));
    settings.put("glimpse.memory.work", oneOf(random, "1000", "2000", "1M"));
    // Set, as finding out what the machine has takes a tenth of a run's time.
    settings.put("glimpse.image.max-memory", oneOf(random, "1100", "10K"));
    if (random.nextInt(4) == 0) {
      settings.put("glimpse.repository.poll", "100ms");
    }
    // Either all results fit or none: which ones the cache keeps is left to chance by design.
    settings.put("glimpse.cache.max-bytes", oneOf(random, "0", "0", "1M", "1M", "100"));
    if (random.nextBoolean()) {
      settings.put("glimpse.cache.ttl", "20ms");
    }
    for (String model : new String[] {"a", "b"}) {
      String size = oneOf(random, "1", "2", "3", "8");
      settings.put("glimpse.batching." + model + ".max-batch-size", size);
      settings.put("glimpse.batching." + model + ".max-delay", oneOf(random, "0ms", "5ms", "30ms"));
      if (!size.equals("1") && random.nextBoolean()) {
        settings.put("glimpse.batching." + model + ".preferred-sizes", oneOf(random, "1", "2"));
      }
    }
    return Configs.of(settings);
  }

  private static String oneOf(SplittableRandom random, String... values) {
    return values[random.nextInt(values.length)];
  }
}
