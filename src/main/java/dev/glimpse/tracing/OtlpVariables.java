package dev.glimpse.tracing;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads the <a
 * href="https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/">variables
 * of OpenTelemetry</a>. An empty one counts as not set.
 */
final class OtlpVariables {

  /**
   * Is a variable that is set.
   *
   * @param name as the environment has it
   * @param value may be secret
   */
  record Variable(String name, String value) {}

  private final Function<String, Optional<String>> settings;

  /**
   * Reads from settings.
   *
   * @param settings returns the value of a name such as {@code otel.service.name}
   */
  OtlpVariables(Function<String, Optional<String>> settings) {
    this.settings = settings;
  }

  Optional<String> value(String name) {
    return settings.apply(name).map(String::strip).filter(value -> !value.isEmpty());
  }

  /** Returns one of the exporter's, such as {@code timeout}: that for traces alone comes first. */
  Optional<Variable> exporter(String name) {
    return variable("otel.exporter.otlp.traces." + name)
        .or(() -> variable("otel.exporter.otlp." + name));
  }

  Optional<Variable> variable(String name) {
    return value(name).map(value -> new Variable(environment(name), value));
  }

  private static String environment(String name) {
    return name.toUpperCase(Locale.ROOT).replace('.', '_');
  }
}
