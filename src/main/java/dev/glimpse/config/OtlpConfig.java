package dev.glimpse.config;

import jakarta.validation.constraints.Pattern;
import java.util.Optional;

/** Where traces are exported. */
public interface OtlpConfig {

  /**
   * The receiver of spans by OTLP over HTTP, such as {@code http://collector:4318}; they are sent
   * to {@code /v1/traces} below it. Default: that of {@code OTEL_EXPORTER_OTLP_ENDPOINT}, or none.
   */
  Optional<
          @Pattern(
              regexp =
                  "https?://([A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?"
                      + "(/[A-Za-z0-9._~:/@!$&'()*+,;=%-]*)?",
              message =
                  "must be an address such as http://collector:4318, without a user and a query")
          String>
      endpoint();
}
