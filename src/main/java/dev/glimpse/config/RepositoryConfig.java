package dev.glimpse.config;

import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** Whether models may change while the service runs, and how. */
public interface RepositoryConfig {

  /**
   * The time between two scans of the repository. A new or changed version is loaded, and replaces
   * the old one, once two scans have found the same files; a deleted one is unloaded. Raise it
   * where listing folders is slow; lower it to serve new versions sooner. Default: no scans, which
   * is right where a new version comes as a new container image.
   */
  Optional<@DurationMin(millis = 100) @DurationMax(days = 1) Duration> poll();

  /**
   * Whether clients with {@code glimpse.admin.token} may call {@code
   * /v2/repository/models/{model}/load} and {@code unload}; if not, the response is 403.
   */
  @WithDefault("false")
  boolean control();
}
