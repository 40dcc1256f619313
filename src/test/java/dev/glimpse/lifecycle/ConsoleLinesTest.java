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
  void whatVertxFailsAtInNettysPlaceIsLeftOut() {
    String netty =
        "An exception was thrown by io.netty.handler.codec.http2.DefaultHttp2ConnectionEncoder$1.operationComplete()";
    assertThat(
            new ConsoleLines()
                .isLoggable(failed(netty, "io.vertx.core.http.impl.Http2ConnectionBase")))
        .isFalse();
    assertThat(
            new ConsoleLines().isLoggable(failed(netty, "dev.glimpse.api.connections.Http2Guard")))
        .isTrue();
    assertThat(new ConsoleLines().isLoggable(line(NETTY, netty))).isTrue();
  }

  private static LogRecord failed(String message, String where) {
    LogRecord line = line(NETTY, message);
    NullPointerException thrown = new NullPointerException();
    thrown.setStackTrace(
        new StackTraceElement[] {new StackTraceElement(where, "onConnectionError", null, 0)});
    line.setThrown(thrown);
    return line;
  }

  @Test
  void causesArePrintable() {
    LogRecord line = line("dev.glimpse", "x");
    line.setThrown(new IOException("a\nb"));

    assertThat(new ConsoleLines().isLoggable(line)).isTrue();
    assertThat(line.getThrown()).hasToString("java.io.IOException: a\\u000ab");
  }
}
