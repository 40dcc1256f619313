package dev.glimpse.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.glimpse.support.Configs;
import dev.glimpse.support.Fixtures;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class OnnxRuntimeLogTest {

  /** ONNX Runtime logs a failed run as an error, by default on standard error. */
  @Test
  void forwardsMessagesToTheLog() {
    assertThat(heard(OnnxRuntimeLogTest::failWhenRun))
        .singleElement()
        .asString()
        .startsWith("WARN")
        .contains("Reshape");
  }

  @Test
  void holdsMessagesBackWhereTheyAreToBe() {
    AtomicBoolean silent = new AtomicBoolean(true);
    assertThat(heard(() -> silent.set(OnnxRuntimeEngine.isSilent(OnnxRuntimeLogTest::failWhenRun))))
        .isEmpty();
    assertThat(silent).isFalse();
    assertThat(OnnxRuntimeEngine.isSilent(() -> {})).isTrue();
  }

  private static List<String> heard(Runnable work) {
    List<String> heard = new CopyOnWriteArrayList<>();
    Logger logger = Logger.getLogger("ai.onnxruntime");
    Handler ear =
        new Handler() {
          @Override
          public void publish(LogRecord record) {
            heard.add(record.getLevel() + " " + record.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    ear.setLevel(Level.ALL);
    logger.addHandler(ear);
    try {
      work.run();
    } finally {
      logger.removeHandler(ear);
    }
    return heard;
  }

  private static void failWhenRun() {
    try (Session session =
            new OnnxRuntimeEngine(Configs.defaults())
                .load(Fixtures.BROKEN_MODELS.resolve("fails-when-run/bad/1/model.onnx"));
        Runner runner = session.borrow(1, 3, 24, 24)) {
      assertThat(catchThrowable(runner::run)).isInstanceOf(EngineException.class);
    }
  }
}
