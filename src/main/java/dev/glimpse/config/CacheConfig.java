package dev.glimpse.config;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMin;

/** Results that are cached for equal requests. */
public interface CacheConfig {

  /**
   * Memory for cached results, which are reused for the same bytes, model, {@code top_k} and
   * language; 0 caches and hashes nothing. A result of five classes takes about 400 bytes, so 16M
   * hold 40,000. Raise it where the same images are sent again: a cached result takes only the time
   * to hash the image. Lower it if {@code glimpse_cache_lookups_total} shows few hits.
   */
  @WithDefault("0")
  MemorySize maxBytes();

  /**
   * The longest time that a result is cached. Default: until it has to make room for another; the
   * results of a model that is reloaded are not reused in any case. Set it where nothing about an
   * image may be kept for long.
   */
  Optional<@DurationMin(millis = 1) Duration> ttl();

  /**
   * Whether results are kept in the Redis of {@code glimpse.redis.url}, too, for {@link #ttl} or
   * else for a day, so that replicas reuse each other's results, also with {@link #maxBytes} 0.
   * Everything that scores depend on is a part of the keys: a replaced model starts with no
   * results. Whatever can write to that Redis can change results.
   */
  @WithDefault("false")
  boolean redis();
}
