package dev.glimpse.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class RedisMetricsTest {

  @Test
  void redisIsConnectedIfAllConnectionsAre() {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    RedisMetrics metrics = new RedisMetrics(meters);
    AtomicBoolean second = new AtomicBoolean();
    metrics.watch(() -> true);
    metrics.watch(second::get);

    assertThat(meters.get("glimpse.redis.connected").gauge().value()).isZero();
    second.set(true);
    assertThat(meters.get("glimpse.redis.connected").gauge().value()).isEqualTo(1);
  }
}
