package dev.glimpse.config;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** Video that is classified as it comes. */
public interface LiveConfig {

  /**
   * The most connections to {@code /predict/live} at a time, of which one client network has at
   * most half; a further one is answered with 503, and with 0 each is. Raise it for more cameras,
   * which then get fewer answers a second each, or behind a proxy that is not trusted, whose
   * clients are one network. A connection may take as much memory as five frames of {@code
   * max-frame}: up to two while one arrives, and one each that is put together, that waits and that
   * is worked on.
   */
  @WithDefault("16")
  @Min(0)
  @Max(10_000)
  int maxConnections();

  /**
   * The largest frame, an encoded image; a larger one is answered with a problem, and one of more
   * than twice the size ends its connection. Raise it for large images, if there is the memory.
   */
  @WithDefault("1M")
  MemorySize maxFrame();

  /**
   * The time after which a connection is closed that sends no frame. Raise it for cameras that send
   * seldom; lower it so that others find a free connection sooner.
   */
  @WithDefault("1m")
  @DurationMin(millis = 1)
  @DurationMax(days = 1)
  Duration idleTimeout();
}
