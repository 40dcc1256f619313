package dev.glimpse.config;

import jakarta.validation.constraints.Pattern;
import java.util.List;
import java.util.Optional;

/** Results that are sent to where their requests say. */
public interface CallbackConfig {

  /**
   * The secret by which results are signed, 16 to 1024 visible ASCII characters; after {@code
   * whsec_} the rest is base64. Set it in the environment. Default: the parameter {@code callback}
   * is refused.
   */
  Optional<
          @Pattern(
              regexp = "[!-~]{16,1024}",
              message = "must be 16 to 1024 visible ASCII characters without spaces")
          String>
      secret();

  /**
   * Hosts that results may be sent to at private addresses, too, by {@code http} or {@code https}
   * and on any port, such as services of one's own. Other hosts need public addresses, by the rules
   * for images ({@code glimpse.url}). Default: none.
   */
  Optional<
          List<
              @Pattern(
                  regexp = "[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?",
                  message = "must be a host name such as hooks.example.com, or an IPv4 address")
              String>>
      hosts();
}
