package dev.glimpse.config;

import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** How long a request may take altogether. */
public interface DeadlineConfig {

  /**
   * The time that a request may take, from its first line to its response, if its headers do not
   * set it; after that it is answered with 504, and dropped if no worker has started it. Raise it
   * for slow models; lower it to the time that clients wait.
   */
  @WithName("default")
  @WithDefault("30s")
  @DurationMin(millis = 1)
  @DurationMax(days = 1)
  Duration defaultTime();

  /**
   * The longest deadline that the headers {@code grpc-timeout} and {@code
   * x-envoy-expected-rq-timeout-ms} can set; a longer one is reduced to this. Raise it to let
   * clients wait longer than the default; lower it to limit all of them.
   */
  @WithDefault("60s")
  @DurationMin(millis = 1)
  @DurationMax(days = 1)
  Duration max();
}
