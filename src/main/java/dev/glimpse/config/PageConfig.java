package dev.glimpse.config;

import io.smallrye.config.WithDefault;

/** The page for browsers. */
public interface PageConfig {

  /**
   * Whether {@code GET /} answers browsers with a page on which images can be classified, and other
   * clients with a list of the endpoints. It needs no key, and shows nothing but what the endpoints
   * answer. Turn it off where nothing but the endpoints should be reachable.
   */
  @WithDefault("true")
  boolean enabled();
}
