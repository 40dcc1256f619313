package dev.glimpse.support;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/** Serves the models that recognise colours, with the cache on. */
public class CachedModels implements QuarkusTestProfile {

  @Override
  public Map<String, String> getConfigOverrides() {
    return Map.of(
        "glimpse.models.path",
        Fixtures.MODELS.toAbsolutePath().toString(),
        "glimpse.models.default",
        "colors",
        "glimpse.cache.max-bytes",
        "1M",
        "glimpse.cache.ttl",
        "1h");
  }
}
