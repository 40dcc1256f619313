package dev.glimpse.results;

import dev.glimpse.config.GlimpseConfig;

/** Creates the store that the settings name. */
final class Stores {

  private Stores() {}

  static JobStore of(GlimpseConfig.Results config) {
    return new LocalStore(
        new MemorySpool(),
        config.ttl(),
        config.maxJobs(),
        config.maxBytes().asLongValue(),
        System::currentTimeMillis);
  }
}
