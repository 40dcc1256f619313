package dev.glimpse.config;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glimpse.support.Configs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlimpseConfigTest {

  @Test
  void defaults() {
    GlimpseConfig config = Configs.defaults();

    assertThat(config.models().path()).isEqualTo(Path.of("models"));
    assertThat(config.models().name()).isEmpty();
    assertThat(config.models().defaultName()).isEmpty();
    assertThat(config.models().warmUp()).isEmpty();
    assertThat(config.models().byName()).isEmpty();
    assertThat(config.repository().poll()).isEmpty();
    assertThat(config.repository().control()).isFalse();
    assertThat(config.admin().token()).isEmpty();
    assertThat(config.image().maxBytes().asLongValue()).isEqualTo(32 << 20);
    assertThat(config.image().maxPixels()).isEqualTo(250_000_000);
    assertThat(config.image().decode()).isEqualTo(ImageConfig.Decode.FAST);
    assertThat(config.image().keptMemory().asLongValue()).isEqualTo(64 << 20);
    assertThat(config.image().maxMemory()).isEmpty();
    assertThat(config.workers().count()).isEmpty();
    assertThat(config.workers().stuckAfter()).isEqualTo(Duration.ofSeconds(60));
    assertThat(config.queue().size()).isEqualTo(64);
    assertThat(config.queue().timeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(config.queue().bodyTimeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(config.batch().maxImages()).isEqualTo(32);
    assertThat(config.batching()).isEmpty();
    assertThat(config.deadline().defaultTime()).isEqualTo(Duration.ofSeconds(30));
    assertThat(config.deadline().max()).isEqualTo(Duration.ofSeconds(60));
    assertThat(config.cache().maxBytes().asLongValue()).isZero();
    assertThat(config.cache().ttl()).isEmpty();
    assertThat(config.url().enabled()).isFalse();
    assertThat(config.url().http()).isFalse();
    assertThat(config.url().hosts()).isEmpty();
    assertThat(config.url().ports()).isEmpty();
    assertThat(config.url().timeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(config.url().redirects()).isEqualTo(3);
    assertThat(config.engine().arena()).isTrue();
    assertThat(config.drain().quiet()).isEqualTo(Duration.ofSeconds(2));
    assertThat(config.drain().max()).isEqualTo(Duration.ofSeconds(10));
    assertThat(config.vertex().healthRoute()).isEmpty();
    assertThat(config.vertex().predictRoute()).isEmpty();
  }

  @Test
  void everyKeyIsMapped() {
    GlimpseConfig config =
        Configs.of(
            Map.ofEntries(
                entry("glimpse.models.path", "/srv/models"),
                entry("glimpse.models.name", "iris"),
                entry("glimpse.models.default", "everyday"),
                entry("glimpse.models.warm-up", "7"),
                entry("glimpse.models.flowers.traffic", "1:90,2:10"),
                entry("glimpse.models.\"my.model\".traffic", "3"),
                entry("glimpse.repository.poll", "10s"),
                entry("glimpse.repository.control", "true"),
                entry("glimpse.admin.token", "0123456789abcdef"),
                entry("glimpse.image.max-bytes", "5M"),
                entry("glimpse.image.max-pixels", "1000"),
                entry("glimpse.image.decode", "fast"),
                entry("glimpse.workers.count", "3"),
                entry("glimpse.workers.stuck-after", "2m"),
                entry("glimpse.queue.size", "0"),
                entry("glimpse.queue.timeout", "250ms"),
                entry("glimpse.queue.body-timeout", "5s"),
                entry("glimpse.http.max-connections", "50"),
                entry("glimpse.http.max-connections-per-address", "5"),
                entry("glimpse.http.max-streams", "20"),
                entry("glimpse.http.max-unread", "1M"),
                entry("glimpse.http.header-timeout", "2s"),
                entry("glimpse.http.idle-timeout", "3m"),
                entry("glimpse.http.write-timeout", "4s"),
                entry("glimpse.grpc.reflection", "true"),
                entry("glimpse.page.enabled", "false"),
                entry("glimpse.live.max-connections", "3"),
                entry("glimpse.live.max-frame", "64K"),
                entry("glimpse.live.idle-timeout", "5s"),
                entry("glimpse.batch.max-images", "4"),
                entry("glimpse.batching.flowers.max-batch-size", "8"),
                entry("glimpse.batching.flowers.max-delay", "2ms"),
                entry("glimpse.batching.flowers.preferred-sizes", "2,4"),
                entry("glimpse.batching.\"my.model\".max-batch-size", "2"),
                entry("glimpse.deadline.default", "3s"),
                entry("glimpse.deadline.max", "10s"),
                entry("glimpse.cache.max-bytes", "16M"),
                entry("glimpse.cache.ttl", "1h"),
                entry("glimpse.url.enabled", "true"),
                entry("glimpse.url.http", "true"),
                entry("glimpse.url.hosts", "images.example.com,*.example.org"),
                entry("glimpse.url.ports", "443,8443"),
                entry("glimpse.url.timeout", "2s"),
                entry("glimpse.url.redirects", "0"),
                entry("glimpse.engine.arena", "false"),
                entry("glimpse.drain.quiet", "0s"),
                entry("glimpse.drain.max", "1s"),
                entry("glimpse.vertex.health-route", "/up"),
                entry("glimpse.vertex.predict-route", "/v1/endpoints/7:predict")));

    assertThat(config.models().path()).isEqualTo(Path.of("/srv/models"));
    assertThat(config.models().name()).hasValue("iris");
    assertThat(config.models().defaultName()).hasValue("everyday");
    assertThat(config.models().warmUp()).hasValue(7);
    assertThat(config.models().byName()).containsOnlyKeys("flowers", "my.model");
    assertThat(config.models().byName().get("flowers").traffic()).hasValue("1:90,2:10");
    assertThat(config.models().byName().get("my.model").traffic()).hasValue("3");
    assertThat(config.repository().poll()).hasValue(Duration.ofSeconds(10));
    assertThat(config.repository().control()).isTrue();
    assertThat(config.admin().token()).hasValue("0123456789abcdef");
    assertThat(config.image().maxBytes().asLongValue()).isEqualTo(5 << 20);
    assertThat(config.image().maxPixels()).isEqualTo(1000);
    assertThat(config.image().decode()).isEqualTo(ImageConfig.Decode.FAST);
    assertThat(config.workers().count()).hasValue(3);
    assertThat(config.workers().stuckAfter()).isEqualTo(Duration.ofMinutes(2));
    assertThat(config.queue().size()).isZero();
    assertThat(config.queue().timeout()).isEqualTo(Duration.ofMillis(250));
    assertThat(config.queue().bodyTimeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(config.http().maxConnections()).hasValue(50);
    assertThat(config.http().maxConnectionsPerAddress()).hasValue(5);
    assertThat(config.http().maxStreams()).isEqualTo(20);
    assertThat(config.http().maxUnread().asLongValue()).isEqualTo(1 << 20);
    assertThat(config.http().headerTimeout()).isEqualTo(Duration.ofSeconds(2));
    assertThat(config.http().idleTimeout()).isEqualTo(Duration.ofMinutes(3));
    assertThat(config.http().writeTimeout()).isEqualTo(Duration.ofSeconds(4));
    assertThat(config.page().enabled()).isFalse();
    assertThat(config.live().maxConnections()).isEqualTo(3);
    assertThat(config.live().maxFrame().asLongValue()).isEqualTo(64 << 10);
    assertThat(config.live().idleTimeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(config.batch().maxImages()).isEqualTo(4);
    assertThat(config.batching()).containsOnlyKeys("flowers", "my.model");
    BatchingConfig flowers = config.batching().get("flowers");
    assertThat(flowers.maxBatchSize()).isEqualTo(8);
    assertThat(flowers.maxDelay()).isEqualTo(Duration.ofMillis(2));
    assertThat(flowers.preferredSizes()).hasValue(List.of(2, 4));
    BatchingConfig other = config.batching().get("my.model");
    assertThat(other.maxDelay()).isEqualTo(Duration.ofMillis(5));
    assertThat(other.preferredSizes()).isEmpty();
    assertThat(config.deadline().defaultTime()).isEqualTo(Duration.ofSeconds(3));
    assertThat(config.deadline().max()).isEqualTo(Duration.ofSeconds(10));
    assertThat(config.cache().maxBytes().asLongValue()).isEqualTo(16 << 20);
    assertThat(config.cache().ttl()).hasValue(Duration.ofHours(1));
    assertThat(config.url().enabled()).isTrue();
    assertThat(config.url().http()).isTrue();
    assertThat(config.url().hosts()).hasValue(List.of("images.example.com", "*.example.org"));
    assertThat(config.url().ports()).hasValue(List.of(443, 8443));
    assertThat(config.url().timeout()).isEqualTo(Duration.ofSeconds(2));
    assertThat(config.url().redirects()).isZero();
    assertThat(config.engine().arena()).isFalse();
    assertThat(config.drain().quiet()).isZero();
    assertThat(config.drain().max()).isEqualTo(Duration.ofSeconds(1));
    assertThat(config.vertex().healthRoute()).hasValue("/up");
    assertThat(config.vertex().predictRoute()).hasValue("/v1/endpoints/7:predict");
  }

  @ParameterizedTest
  @CsvSource({
    "glimpse.models.default, ../secret",
    "glimpse.models.warm-up, 0",
    "glimpse.models.flowers.traffic, 1=90",
    "glimpse.models.flowers.traffic, 0",
    "glimpse.models.flowers.trafic, 1",
    "glimpse.repository.poll, 99ms",
    "glimpse.admin.token, tooShort",
    "glimpse.admin.token, 0123456789 abcdef",
    "glimpse.models.warm-up, many",
    "glimpse.image.max-bytes, huge",
    "glimpse.image.max-pixels, 0",
    "glimpse.image.max-pixels, 600000000",
    "glimpse.image.decode, quick",
    "glimpse.workers.count, 0",
    "glimpse.workers.count, 1025",
    "glimpse.queue.size, -1",
    "glimpse.queue.size, 100001",
    "glimpse.workers.stuck-after, 0s",
    "glimpse.queue.timeout, 0s",
    "glimpse.queue.timeout, 25h",
    "glimpse.queue.body-timeout, soon",
    "glimpse.queue.body-timeout, 0s",
    "glimpse.http.max-connections, 0",
    "glimpse.http.max-connections-per-address, -1",
    "glimpse.http.max-streams, 0",
    "glimpse.http.max-unread, much",
    "glimpse.http.header-timeout, 0s",
    "glimpse.http.idle-timeout, 25h",
    "glimpse.http.write-timeout, soon",
    "glimpse.batch.max-images, 0",
    "glimpse.batch.max-images, 1001",
    "glimpse.batching.flowers.max-batch-size, 0",
    "glimpse.batching.flowers.max-batch-size, 257",
    "glimpse.batching.flowers.max-delay, -1ms",
    "glimpse.batching.flowers.max-delay, 11s",
    "glimpse.batching.flowers.preferred-sizes, 0",
    "glimpse.deadline.default, 0s",
    "glimpse.deadline.max, -1s",
    "glimpse.cache.max-bytes, much",
    "glimpse.cache.max-bytes, -1",
    "glimpse.cache.ttl, 0s",
    "glimpse.url.hosts, https://example.com",
    "glimpse.url.hosts, *",
    "glimpse.url.ports, 0",
    "glimpse.url.ports, 65536",
    "glimpse.url.timeout, 0s",
    "glimpse.url.timeout, 11m",
    "glimpse.url.redirects, -1",
    "glimpse.url.redirects, 11",
    "glimpse.drain.quiet, -1s",
    "glimpse.drain.max, never",
    "glimpse.vertex.health-route, up",
    "glimpse.vertex.predict-route, /*",
  })
  void invalidValueStopsTheStartAndIsNamed(String key, String value) {
    assertThatThrownBy(() -> Configs.of(Map.of(key, value))).hasStackTraceContaining(key);
  }

  @ParameterizedTest
  @CsvSource({
    "glimpse.queue.sice",
    "glimpse.model.path",
    "glimpse.typo",
    "glimpse.batching.a.max-size"
  })
  void misspelledKeyStopsTheStartAndIsNamed(String key) {
    assertThatThrownBy(() -> Configs.of(Map.of(key, "1"))).hasStackTraceContaining(key);
  }
}
