package dev.glimpse.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.DefaultPromise;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
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
    assertThat(lines.isLoggable(line(NETTY, null))).isTrue();
  }

  @Test
  void causesArePrintable() {
    LogRecord line = line("dev.glimpse", "x");
    line.setThrown(new IOException("a\nb"));

    assertThat(new ConsoleLines().isLoggable(line)).isTrue();
    assertThat(line.getThrown()).hasToString("java.io.IOException: a\\u000ab");
  }

  /** Netty's own message, of a listener in this program. */
  @Test
  void exceptionsOfOurListenersAreLogged() {
    List<LogRecord> logged = new ArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord line) {
            logged.add(line);
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger logger = Logger.getLogger(NETTY);
    logger.addHandler(handler);
    try {
      Promise<Void> promise = new DefaultPromise<>(ImmediateEventExecutor.INSTANCE);
      promise.addListener(done -> {
        throw new IllegalStateException("a fault of ours");
      });
      promise.setSuccess(null);
    } finally {
      logger.removeHandler(handler);
    }

    assertThat(logged).hasSize(1);
    assertThat(logged.get(0).getMessage())
        .startsWith("An exception was thrown by dev.glimpse.")
        .endsWith("operationComplete()");
    assertThat(new ConsoleLines().isLoggable(logged.get(0))).isTrue();
  }
}
