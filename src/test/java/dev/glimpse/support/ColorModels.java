package dev.glimpse.support;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/** Serves the tiny models of the tests, on any free port, so that parallel runs do not conflict. */
public class ColorModels implements QuarkusTestProfile {

  @Override
  public Map<String, String> getConfigOverrides() {
    return Map.of(
        "glimpse.models.path",
        Fixtures.MODELS.toAbsolutePath().toString(),
        "glimpse.models.default",
        "colors",
        "glimpse.batch.max-images",
        "8");
  }
}
