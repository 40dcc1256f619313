package dev.glimpse.config;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

/** How many events may wait; one more is dropped. */
public interface EventQueueConfig {

  /** The most events. */
  @WithDefault("10000")
  @Min(1)
  @Max(1_000_000)
  int maxEvents();

  /** The most memory that they take, as estimated. An event with five classes takes about 1 kB. */
  @WithDefault("8M")
  MemorySize maxBytes();
}
