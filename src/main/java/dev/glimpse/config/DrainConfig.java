package dev.glimpse.config;

import io.smallrye.config.WithDefault;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** How the service shuts down. */
public interface DrainConfig {

  /**
   * After SIGTERM the service goes on serving until no request has come for this long, counted from
   * the last one: an idle service stops at once. Raise it where load balancers are slow to notice
   * that it is stopping, or requests are rare; 0 accepts no new connections after the signal.
   */
  @WithDefault("2s")
  @DurationMin(millis = 0)
  @DurationMax(days = 1)
  Duration quiet();

  /**
   * The longest time that it does so if requests keep coming; then it accepts no new connections,
   * finishes running requests, for 10 seconds at most, and stops. Keep it at least 15 seconds below
   * the platform's own limit (Kubernetes kills after 30).
   */
  @WithDefault("10s")
  @DurationMin(millis = 0)
  @DurationMax(days = 1)
  Duration max();
}
