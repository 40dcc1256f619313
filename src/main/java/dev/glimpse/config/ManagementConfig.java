package dev.glimpse.config;

import jakarta.validation.constraints.Pattern;
import java.util.Optional;

/** A port of its own for what operators read. */
public interface ManagementConfig {

  /**
   * The port, and possibly the address, at which metrics, health and the OpenAPI document are
   * served, such as {@code 9000}, {@code 127.0.0.1:9000} or {@code [::1]:9000}; the service's own
   * port then has no {@code /q/…}. It speaks plain HTTP, and asks for the same keys. Port 0 is any
   * free one. Default: one port serves everything.
   */
  Optional<
          @Pattern(
              regexp =
                  "(([A-Za-z0-9][A-Za-z0-9.-]{0,252}|\\[[0-9A-Fa-f:.]{2,45}\\]):)?"
                      + "(0|[1-9][0-9]{0,3}|[1-5][0-9]{4}|6([0-4][0-9]{3}|5([0-4][0-9]{2}|5([0-2][0-9]|3[0-5]))))",
              message = "must be a port, or an address and a port such as 127.0.0.1:9000")
          String>
      listen();
}
