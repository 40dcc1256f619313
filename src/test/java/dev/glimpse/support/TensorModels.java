package dev.glimpse.support;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/**
 * Serves an image classifier beside models that take tensors only; by default the former. Also
 * answers at the addresses that Vertex AI chooses.
 */
public class TensorModels implements QuarkusTestProfile {

  /** The largest image or message, in bytes. */
  public static final int MOST_BYTES = 8 << 20;

  @Override
  public Map<String, String> getConfigOverrides() {
    return Map.of(
        "glimpse.models.path",
        Fixtures.RESOURCES.resolve("models-tensors").toAbsolutePath().toString(),
        "glimpse.models.default",
        "colors",
        "glimpse.image.max-bytes",
        Integer.toString(MOST_BYTES),
        "AIP_HEALTH_ROUTE",
        "/v1/endpoints/7/deployedModels/8",
        "AIP_PREDICT_ROUTE",
        "/v1/endpoints/7/deployedModels/8:predict");
  }
}
