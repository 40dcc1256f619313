package dev.glimpse.cli;

import dev.glimpse.config.PortNumber;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the arguments that start the service: {@code --port N} and {@code serve}. Every other
 * command line is a {@linkplain Commands command} or an error. Does not use picocli, whose classes
 * would make every start longer.
 *
 * @param port null: as the settings say
 */
public record ServeArguments(@Nullable Integer port) {

  static final String PORT = "--port";

  /** The argument that some platforms start every container with. */
  static final String SERVE = "serve";

  /** Returns what the arguments say; empty if they do not start the service. */
  public static Optional<ServeArguments> of(String... arguments) {
    Integer port = null;
    for (int i = 0; i < arguments.length; i++) {
      String argument = arguments[i];
      if (argument.equals(PORT) && i + 1 < arguments.length) {
        port = PortNumber.parse(arguments[++i]);
      } else if (argument.startsWith(PORT + "=")) {
        port = PortNumber.parse(argument.substring(PORT.length() + 1));
      } else if (argument.equals(SERVE)) {
        continue;
      } else {
        return Optional.empty();
      }
      if (port == null) {
        return Optional.empty();
      }
    }
    return Optional.of(new ServeArguments(port));
  }

  /** Sets the port, which has precedence over files and environment variables. */
  public void apply() {
    if (port != null) {
      System.setProperty("quarkus.http.port", port.toString());
    }
  }
}
