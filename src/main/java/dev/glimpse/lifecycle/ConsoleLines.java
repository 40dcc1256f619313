package dev.glimpse.lifecycle;

import io.quarkus.logging.LoggingFilter;
import java.util.logging.Filter;
import java.util.logging.LogRecord;

/** Decides which lines the console gets, and makes their exceptions printable. */
@LoggingFilter(name = "console-lines")
public final class ConsoleLines implements Filter {

  private final Filter broken = new BrokenRequests();
  private final Filter printable = new PrintableCauses();

  @Override
  public boolean isLoggable(LogRecord line) {
    return broken.isLoggable(line) && printable.isLoggable(line);
  }
}
