package dev.glimpse.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class ConsoleLinesTest {

  private static final String NETTY = "io.netty.util.concurrent.DefaultPromise";

  private static LogRecord line(String logger, String message) {
    LogRecord line = new LogRecord(Level.WARNING, message);
    line.setLoggerName(logger);
    return line;
  }

  @Test
  void onlyWhatVertxFailsAtWithBrokenRequestsIsLeftOut() {
    ConsoleLines lines = new ConsoleLines();
    String vertx =
        "An exception was thrown by io.vertx.core.http.impl.Http2ServerConnection$$Lambda.operationComplete()";

    assertThat(lines.isLoggable(line(NETTY, vertx))).isFalse();
    assertThat(lines.isLoggable(line("dev.glimpse.requests", vertx))).isTrue();
    assertThat(lines.isLoggable(line(NETTY, "An exception was thrown by io.vertx.core.Other")))
        .isTrue();
    assertThat(
            lines.isLoggable(
                line(
                    NETTY,
                    "An exception was thrown by dev.glimpse.api.connections.PortGuard$$Lambda.operationComplete()")))
        .isTrue();
    assertThat(lines.isLoggable(line(NETTY, null))).isTrue();
  }

  @Test
  void causesArePrintable() {
    LogRecord line = line("dev.glimpse", "x");
    line.setThrown(new IOException("a\nb"));

    assertThat(new ConsoleLines().isLoggable(line)).isTrue();
    assertThat(line.getThrown()).hasToString("java.io.IOException: a\\u000ab");
  }
}
