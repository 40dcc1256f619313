package dev.glimpse.config;

import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

/** How many images one request may hold. */
public interface BatchConfig {

  /**
   * The most images of a {@code POST /predict/batch}; more are answered with 413. Their total size
   * is bounded by {@code glimpse.image.max-bytes}, which applies to every body. Raise it so that
   * clients need fewer requests; lower it so that no request takes long.
   */
  @WithDefault("32")
  @Min(1)
  @Max(1000)
  int maxImages();
}
