package dev.glimpse.config;

import io.smallrye.config.WithDefault;

/** What explains scores. */
public interface ExplainConfig {

  /**
   * Whether {@code POST /explain}, {@code POST /embed} and KServe's {@code :explain} answer. A
   * model's first such request opens its graph once more, which takes as much memory as the model
   * itself. Switch it off where that memory is not there.
   */
  @WithDefault("true")
  boolean enabled();
}
