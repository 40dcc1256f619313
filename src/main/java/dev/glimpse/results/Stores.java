package dev.glimpse.results;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.config.ResultsConfig;
import dev.glimpse.redis.RedisClient;
import io.quarkus.runtime.configuration.ConfigurationException;

/** Creates the store that the settings name. */
final class Stores {

  private Stores() {}

  /**
   * Creates the store.
   *
   * @throws ConfigurationException if the settings contradict each other, or the folder cannot be
   *     used
   */
  static JobStore of(GlimpseConfig settings, RedisClient redis) {
    ResultsConfig config = settings.results();
    if (config.redis()) {
      return inRedis(settings, redis);
    }
    Spool spool =
        config
            .folder()
            .<Spool>map(folder -> new FolderSpool(SpoolFolder.open(folder)))
            .orElseGet(MemorySpool::new);
    return new LocalStore(
        spool,
        config.ttl(),
        config.maxJobs(),
        config.maxBytes().asLongValue(),
        System::currentTimeMillis);
  }

  private static JobStore inRedis(GlimpseConfig settings, RedisClient redis) {
    ResultsConfig config = settings.results();
    if (!redis.isOn()) {
      throw new ConfigurationException(
          "glimpse.results.redis needs glimpse.redis.url; set it, or leave the other out.");
    }
    if (config.folder().isPresent()) {
      throw new ConfigurationException(
          "glimpse.results.redis and glimpse.results.folder are both set; leave one of them out.");
    }
    redis.openLarge();
    return new RedisStore(
        redis::values,
        redis.prefix(),
        JobIds.next(),
        config.ttl(),
        config.maxJobs(),
        config.maxBytes().asLongValue(),
        settings.url().timeout(),
        RedisStore.LEASE);
  }
}
