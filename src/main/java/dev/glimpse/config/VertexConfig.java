package dev.glimpse.config;

import jakarta.validation.constraints.Pattern;
import java.util.Optional;

/**
 * The addresses at which Vertex AI calls the service, which it sets in the environment; other
 * platforms do not need them.
 */
public interface VertexConfig {

  /**
   * One more path of {@code GET /ping}, beginning with a slash: {@code AIP_HEALTH_ROUTE} in the
   * environment. Default: none.
   */
  Optional<
          @Pattern(
              regexp = "/[A-Za-z0-9._:/-]{0,250}",
              message = "must be a path that begins with a slash")
          String>
      healthRoute();

  /**
   * One more path of {@code POST /v1/models/{model}:predict} for the default model, beginning with
   * a slash: {@code AIP_PREDICT_ROUTE} in the environment. Default: none.
   */
  Optional<
          @Pattern(
              regexp = "/[A-Za-z0-9._:/-]{0,250}",
              message = "must be a path that begins with a slash")
          String>
      predictRoute();
}
