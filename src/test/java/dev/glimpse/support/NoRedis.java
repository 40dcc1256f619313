package dev.glimpse.support;

import dev.glimpse.cache.SharedResults;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.metrics.CacheMetrics;
import dev.glimpse.redis.RedisClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;

/** Creates what uses Redis, for settings that name none. */
public final class NoRedis {

  private NoRedis() {}

  /** Results that are not shared. */
  public static SharedResults results(GlimpseConfig config) {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    Vertx none = null;
    return new SharedResults(
        config, new RedisClient(config, meters, none), new CacheMetrics(meters));
  }
}
