package dev.glimpse.cache;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.digest.Sha256;
import dev.glimpse.metrics.BuildInfo;
import dev.glimpse.metrics.CacheMetrics;
import dev.glimpse.metrics.CacheMetrics.SharedLookup;
import dev.glimpse.postprocess.RankedClasses;
import dev.glimpse.redis.RedisClient;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Keeps results in Redis, for all instances, where {@code glimpse.cache.redis} is set. A lookup
 * takes {@code glimpse.redis.timeout} at most, and finds nothing while Redis is away; nothing waits
 * for a write. For many threads at once.
 */
@ApplicationScoped
public class SharedResults {

  private static final Duration USUAL_TTL = Duration.ofDays(1);

  private final boolean on;
  private final RedisClient redis;
  private final CacheMetrics metrics;
  private final Duration ttl;

  /** What scores depend on besides model, image and request. */
  private final String program;

  /**
   * Connects to Redis in the background, if results are to be kept there.
   *
   * @throws ConfigurationException if there is no {@code glimpse.redis.url} then
   */
  @Inject
  public SharedResults(GlimpseConfig config, RedisClient redis, CacheMetrics metrics) {
    this.on = config.cache().redis();
    if (on && !redis.isOn()) {
      throw new ConfigurationException(
          "glimpse.cache.redis is true, but there is no glimpse.redis.url; set it, or remove"
              + " glimpse.cache.redis.");
    }
    this.redis = redis;
    this.metrics = metrics;
    this.ttl = config.cache().ttl().orElse(USUAL_TTL);
    this.program = on ? program(config) : "";
    if (on) {
      redis.open();
    }
  }

  private static String program(GlimpseConfig config) {
    BuildInfo build = BuildInfo.read();
    return "%s %s %s".formatted(build.version(), build.commit(), config.image().decode());
  }

  /** Creates this bean when the service starts, so that a missing address stops the start. */
  void start(@Observes StartupEvent event) {}

  /** Returns whether results are kept in Redis. */
  public boolean isOn() {
    return on;
  }

  /**
   * Identifies a result for all instances.
   *
   * @param name the model's
   * @param version the model's
   * @param digest of the model's files; empty if that is not known, so that nothing is shared
   * @param decoder the library that decodes JPEGs, by which scores may differ
   * @param key the request's; the load of the model that it names is not part of the result
   */
  public Optional<SharedKey> key(
      String name, int version, Supplier<Optional<String>> digest, String decoder, Key key) {
    return digest
        .get()
        .map(files -> {
          String text =
              String.join(
                  "\n",
                  program,
                  decoder,
                  name,
                  Integer.toString(version),
                  files,
                  key.image().hex(),
                  Integer.toString(key.page()),
                  Integer.toString(key.topK()),
                  key.language(),
                  key.scores());
          return new SharedKey(Sha256.of(text.getBytes(StandardCharsets.UTF_8)));
        });
  }

  /** The hash of all that a result depends on. */
  public static final class SharedKey {

    private final byte[] hash;

    private SharedKey(byte[] hash) {
      this.hash = hash;
    }

    /** Returns the hash as in the name of the key in Redis. */
    @Override
    public String toString() {
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    }
  }

  /** Returns a result that is kept. Blocks for {@code glimpse.redis.timeout} at most. */
  public Optional<RankedClasses> find(SharedKey key, ResultLabels labels) {
    Optional<byte[]> value = redis.get(name(key)).join();
    Optional<RankedClasses> result =
        value.flatMap(bytes -> ResultCodec.decode(key.hash, bytes, labels));
    metrics.lookedUpShared(
        result.isPresent()
            ? SharedLookup.HIT
            : value.isPresent() ? SharedLookup.INVALID : SharedLookup.MISS);
    return result;
  }

  /** Keeps a result, without waiting for Redis. */
  public void store(SharedKey key, RankedClasses result) {
    redis.set(name(key), ResultCodec.encode(key.hash, result), ttl);
  }

  private String name(SharedKey key) {
    return redis.prefix() + "result:" + key;
  }
}
