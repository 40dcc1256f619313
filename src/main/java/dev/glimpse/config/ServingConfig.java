package dev.glimpse.config;

import jakarta.validation.constraints.Pattern;
import java.util.Optional;

/** How one model is served. */
public interface ServingConfig {

  /**
   * The versions for requests that name none, each with its weight: {@code 1:90,2:10} sends a tenth
   * of them to version 2, always the same {@code X-Request-ID}s; {@code 1} goes back to version 1.
   * Default: the highest version.
   */
  Optional<
          @Pattern(
              regexp =
                  VersionNumber.PATTERN
                      + "(:[0-9]{1,5})?(,"
                      + VersionNumber.PATTERN
                      + "(:[0-9]{1,5})?){0,99}",
              message = "must be a version, or versions with their weights such as 1:90,2:10")
          String>
      traffic();
}
