package dev.glimpse.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.benmanes.caffeine.cache.Caffeine;
import dev.glimpse.bytes.Bytes;
import dev.glimpse.metrics.CacheMetrics;
import dev.glimpse.postprocess.Classification;
import dev.glimpse.postprocess.RankedClasses;
import dev.glimpse.support.Configs;
import dev.glimpse.support.FakeTime;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResultCacheTest {

  private static final RankedClasses DAISY =
      RankedClasses.of(List.of(new Classification("daisy", 0.9f, 0)));
  private static final Object LOADED = new Object();

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final FakeTime time = new FakeTime();

  @Test
  void isOffUnlessGivenMemory() {
    ResultCache cache = cache(Map.of());

    assertThat(cache.isOn()).isFalse();
    assertThatThrownBy(() -> cache.find(key(1))).isInstanceOf(IllegalStateException.class);
    assertThat(meters.getMeters()).isEmpty();
  }

  @Test
  void firstLookupOwnsTheEntryAndLaterOnesFindItsResult() {
    ResultCache cache = cache(Map.of("glimpse.cache.max-bytes", "1M"));
    CacheEntry first = cache.find(key(1));
    assertThat(first.isNew()).isTrue();
    CacheEntry meanwhile = cache.find(key(1));
    assertThat(meanwhile.isNew()).isFalse();
    assertThat(meanwhile.result().toCompletableFuture()).isNotDone();
    first.settle(DAISY, null);
    CacheEntry after = cache.find(key(1));

    assertThat(meanwhile.result()).isCompletedWithValue(DAISY);
    assertThat(after.isNew()).isFalse();
    assertThat(after.result()).isCompletedWithValue(DAISY);
    assertThat(lookups("miss")).isEqualTo(1);
    assertThat(lookups("joined")).isEqualTo(1);
    assertThat(lookups("hit")).isEqualTo(1);
    assertThat(cache.entries()).isEqualTo(1);
    assertThat(cache.bytes()).isEqualTo(278);
  }

  @Test
  void keysDifferIfAnyPartDiffers() {
    ResultCache cache = cache(Map.of("glimpse.cache.max-bytes", "1M"));
    Key key = Key.of(Bytes.of(new byte[] {1}), 0, LOADED, 5, "en", "SOFTMAX");
    cache.find(key).settle(DAISY, null);

    assertThat(cache.find(Key.of(Bytes.of(new byte[] {1}), 0, LOADED, 5, "en", "SOFTMAX")).isNew())
        .isFalse();
    assertThat(cache.find(Key.of(Bytes.of(new byte[] {1}), 1, LOADED, 5, "en", "SOFTMAX")).isNew())
        .isTrue();
    assertThat(cache.find(Key.of(Bytes.of(new byte[] {2}), 0, LOADED, 5, "en", "SOFTMAX")).isNew())
        .isTrue();
    assertThat(
            cache
                .find(Key.of(Bytes.of(new byte[] {1}), 0, new Object(), 5, "en", "SOFTMAX"))
                .isNew())
        .isTrue();
    assertThat(cache.find(Key.of(Bytes.of(new byte[] {1}), 0, LOADED, 4, "en", "SOFTMAX")).isNew())
        .isTrue();
    assertThat(cache.find(Key.of(Bytes.of(new byte[] {1}), 0, LOADED, 5, "zh", "SOFTMAX")).isNew())
        .isTrue();
    assertThat(cache.find(Key.of(Bytes.of(new byte[] {1}), 0, LOADED, 5, "en", "SIGMOID")).isNew())
        .isTrue();
  }

  /** The first example of FIPS 180-4. */
  @Test
  void theHashIsSha256() {
    assertThat(Key.Hash.of(Bytes.of(new byte[] {'a', 'b', 'c'})))
        .isEqualTo(
            new Key.Hash(
                0xba7816bf8f01cfeaL,
                0x414140de5dae2223L,
                0xb00361a396177a9cL,
                0xb410ff61f20015adL));
  }

  @Test
  void failureReachesTheWaitingRequestsAndIsNotCached() {
    ResultCache cache = cache(Map.of("glimpse.cache.max-bytes", "1M"));
    CacheEntry first = cache.find(key(1));
    CacheEntry meanwhile = cache.find(key(1));
    boolean[] free = new boolean[1];
    meanwhile.result().whenComplete((answer, failure) -> free[0] = cache.find(key(1)).isNew());
    IllegalStateException broken = new IllegalStateException("broken");
    first.settle(null, broken);

    assertThat(meanwhile.result()).isCompletedExceptionally();
    assertThat(free[0]).as("a request that retries finds no entry").isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 100})
  void evictsResultsThatExceedTheMemory(int classes) {
    int max = 100_000;
    ResultCache cache = cache(Map.of("glimpse.cache.max-bytes", "" + max));
    RankedClasses answer =
        RankedClasses.of(
            IntStream.range(0, classes)
                .mapToObj(i -> new Classification("label", 0.1f, i))
                .toList());
    int answers = 1000;
    for (int i = 0; i < answers; i++) {
      cache.find(key(i)).settle(answer, null);
      assertThat(cache.bytes()).isLessThanOrEqualTo(max);
    }

    long fit = max / (250 + 28L * classes);
    assertThat(cache.entries()).isEqualTo(fit);
    assertThat(meters.counter("glimpse.cache.evictions").count()).isEqualTo(answers - fit);
  }

  @Test
  void resultsInProgressAreNotEvicted() {
    ResultCache cache = cache(Map.of("glimpse.cache.max-bytes", "1000"));
    CacheEntry slow = cache.find(key(-1));
    for (int i = 0; i < 1000; i++) {
      cache.find(key(i)).settle(DAISY, null);
    }

    assertThat(cache.find(key(-1)).isNew()).isFalse();
    slow.settle(DAISY, null);
  }

  @Test
  void resultsExpire() {
    ResultCache cache = cache(Map.of("glimpse.cache.max-bytes", "1M", "glimpse.cache.ttl", "10m"));
    cache.find(key(1)).settle(DAISY, null);
    time.pass(Duration.ofMinutes(10).minusNanos(1));
    assertThat(cache.find(key(1)).isNew()).isFalse();
    time.pass(Duration.ofNanos(1));

    assertThat(cache.find(key(1)).isNew()).isTrue();
  }

  /**
   * A native executable contains only those of Caffeine's generated classes that are registered.
   */
  @Test
  void classesThatCaffeineLoadsByNameAreRegistered() throws Exception {
    RegisterForReflection named = ResultCache.class.getAnnotation(RegisterForReflection.class);
    assertThat(named.classNames()).hasSize(4);
    for (String name : named.classNames()) {
      assertThat(Class.forName(name).getPackage()).isEqualTo(Caffeine.class.getPackage());
    }
    var plain = Caffeine.newBuilder().maximumWeight(1).weigher((key, value) -> 1);
    assertThat(named.classNames()).contains(implementation(plain.build().asMap()));
    var aging =
        Caffeine.newBuilder()
            .maximumWeight(1)
            .weigher((key, value) -> 1)
            .expireAfterWrite(Duration.ofHours(1));
    assertThat(named.classNames()).contains(implementation(aging.build().asMap()));
  }

  private static String implementation(Object map) {
    return map.getClass().getName();
  }

  private ResultCache cache(Map<String, String> settings) {
    return new ResultCache(Configs.of(settings), new CacheMetrics(meters), time);
  }

  private static Key key(int image) {
    return Key.of(
        Bytes.of(new byte[] {(byte) image, (byte) (image >> 8)}), 0, LOADED, 5, "en", "SOFTMAX");
  }

  private double lookups(String result) {
    return meters.counter("glimpse.cache.lookups", "result", result).count();
  }
}
