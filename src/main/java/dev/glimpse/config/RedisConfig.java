package dev.glimpse.config;

import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** The Redis that replicas share: for rates, and for results if the cache says so. */
public interface RedisConfig {

  /**
   * Its address: {@code redis://[[user]:password@]host[:port][/database]}, or {@code rediss://} for
   * TLS. Set it in the environment, as {@code GLIMPSE_REDIS_URL}, if it has a password. Default:
   * each replica limits rates for itself.
   */
  Optional<
          @Pattern(
              regexp =
                  "rediss?://([A-Za-z0-9._~!$&'()*+,;=%-]*(:[A-Za-z0-9._~!$&'()*+,;=:%-]*)?@)?"
                      + "([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?(/[0-9]{0,5})?",
              message =
                  "must be an address such as redis://host:6379 or"
                      + " rediss://user:password@host:6379/0, with %XX for special characters")
          String>
      url();

  /**
   * The longest that a request waits for it; then the local limit applies, and the cache has no
   * result. Raise it where Redis is far away; lower it where every millisecond counts.
   */
  @WithDefault("5ms")
  @DurationMin(millis = 1)
  @DurationMax(seconds = 1)
  Duration timeout();

  /** What keys begin with. Set it where several services share a Redis. */
  @WithDefault("glimpse:")
  @Pattern(
      regexp = "[A-Za-z0-9._:/-]{1,64}",
      message = "must be 1 to 64 letters, digits, dots, colons, slashes, hyphens or underscores")
  String prefix();
}
