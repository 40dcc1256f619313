package dev.glimpse.support;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.HashMap;
import java.util.Map;

/**
 * Settings that few tests need, and that do not disturb each other: Quarkus prepares an application
 * for each profile, which takes ten seconds. A second port, no explanations, and Vertex AI's routes
 * on addresses that other protocols have.
 */
public class RareSettings implements QuarkusTestProfile {

  @Override
  public Map<String, String> getConfigOverrides() {
    Map<String, String> settings = new HashMap<>(new ColorModels().getConfigOverrides());
    settings.put("glimpse.management.listen", "127.0.0.1:0");
    settings.put("glimpse.explain.enabled", "false");
    settings.put("AIP_HEALTH_ROUTE", "/ping");
    settings.put("AIP_PREDICT_ROUTE", "/v1/models/colors:predict");
    return settings;
  }
}
