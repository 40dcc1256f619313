package dev.glimpse.config;

import jakarta.validation.constraints.Pattern;
import java.util.Optional;

/** Which clients may change models while the service runs. */
public interface AdminConfig {

  /**
   * The secret that such a request has to send as {@code Authorization: Bearer …}: 16 to 1024
   * visible ASCII characters. Set it in the environment, as {@code GLIMPSE_ADMIN_TOKEN}. Default:
   * no client may.
   */
  Optional<
          @Pattern(
              regexp = "[!-~]{16,1024}",
              message = "must be 16 to 1024 visible ASCII characters without spaces")
          String>
      token();
}
