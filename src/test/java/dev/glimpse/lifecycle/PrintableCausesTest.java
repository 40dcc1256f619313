package dev.glimpse.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class PrintableCausesTest {

  @Test
  void messagesOfCausesForgeNoLines() {
    Exception cause = new IOException("a\n2026 INFO forged \u001b[2J");
    cause.addSuppressed(new IllegalStateException("b\nc"));
    LogRecord line = new LogRecord(Level.SEVERE, "x");
    line.setThrown(new IllegalArgumentException("fine", cause));

    assertThat(new PrintableCauses().isLoggable(line)).isTrue();

    StringWriter written = new StringWriter();
    line.getThrown().printStackTrace(new PrintWriter(written));
    assertThat(written.toString())
        .startsWith("java.lang.IllegalArgumentException: fine\n\tat dev.glimpse.")
        .contains(
            "Caused by: java.io.IOException: a\\u000a2026 INFO forged \\u001b[2J\n",
            "Suppressed: java.lang.IllegalStateException: b\\u000ac\n");
  }

  @Test
  void printableExceptionsStayAsTheyAre() {
    Exception thrown = new IOException("a", new IOException("b"));
    LogRecord line = new LogRecord(Level.SEVERE, "x");
    line.setThrown(thrown);

    new PrintableCauses().isLoggable(line);

    assertThat(line.getThrown()).isSameAs(thrown);
  }
}
