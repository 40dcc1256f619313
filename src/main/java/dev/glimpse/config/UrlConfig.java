package dev.glimpse.config;

import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** Images that are fetched by their URLs, from public addresses only. */
public interface UrlConfig {

  /**
   * Whether a client may send the URL of an image. Every client can then make the service fetch
   * from any public address, or from {@link #hosts}, so set those if they are known.
   */
  @WithDefault("false")
  boolean enabled();

  /**
   * Whether {@code http://} is accepted too. Leave it off: unencrypted data may have been tampered
   * with.
   */
  @WithDefault("false")
  boolean http();

  /**
   * The hosts from which images are fetched: {@code images.example.com}, or {@code *.example.com}
   * for every name below it. Their addresses have to be public nevertheless. Default: every host
   * that has public addresses only.
   */
  Optional<
          List<
              @Pattern(
                  regexp = "(\\*\\.)?[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?",
                  message = "must be a host name such as images.example.com or *.example.com")
              String>>
      hosts();

  /** The ports from which images are fetched. Default: 443, and with {@code http} also 80. */
  Optional<List<@Min(1) @Max(65_535) Integer>> ports();

  /**
   * The time that fetching an image may take, redirects included; a request that takes longer is
   * answered with 504. The request's own deadline applies too. A slot in the queue is taken
   * meanwhile: lower it where hosts are fast, raise it for slow ones.
   */
  @WithDefault("10s")
  @DurationMin(millis = 1)
  @DurationMax(minutes = 10)
  Duration timeout();

  /** The most redirects that are followed, each checked like the URL itself. */
  @WithDefault("3")
  @Min(0)
  @Max(10)
  int redirects();
}
