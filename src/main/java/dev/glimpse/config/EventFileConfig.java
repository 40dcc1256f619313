package dev.glimpse.config;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

/** The file that events are written into. */
public interface EventFileConfig {

  /** The size at which the file is renamed, to {@code name.1}, and a new one begun. */
  @WithDefault("64M")
  MemorySize maxSize();

  /** How many renamed files are kept. */
  @WithDefault("4")
  @Min(0)
  @Max(1000)
  int files();
}
