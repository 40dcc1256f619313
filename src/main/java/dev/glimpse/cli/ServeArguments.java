package dev.glimpse.cli;

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

  private static final int HIGHEST_PORT = 65_535;

  /** Returns what the arguments say; empty if they do not start the service. */
  public static Optional<ServeArguments> of(String... arguments) {
    Integer port = null;
    for (int i = 0; i < arguments.length; i++) {
      String argument = arguments[i];
      if (argument.equals(PORT) && i + 1 < arguments.length) {
        port = port(arguments[++i]);
      } else if (argument.startsWith(PORT + "=")) {
        port = port(argument.substring(PORT.length() + 1));
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

  /** Returns the port; null if the text is not a number from 0 to 65535. */
  static @Nullable Integer port(String text) {
    if (text.isEmpty() || text.length() > 5 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return null;
    }
    int port = Integer.parseInt(text);
    return port <= HIGHEST_PORT ? port : null;
  }
}
