package dev.glimpse.metrics;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import jakarta.inject.Singleton;

/**
 * Leaves out the meters of Vert.x's own Redis client: they describe a pool, which is made anew with
 * each connection, so that Micrometer would warn of meters that it has already. {@link
 * RedisMetrics} has what operators need.
 */
@Singleton
public class VertxRedisMeters implements MeterFilter {

  @Override
  public MeterFilterReply accept(Meter.Id id) {
    boolean ofClient = id.getName().startsWith("redis.") || "redis".equals(id.getTag("clientType"));
    return ofClient ? MeterFilterReply.DENY : MeterFilterReply.NEUTRAL;
  }
}
