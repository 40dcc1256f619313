package dev.glimpse.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ai.onnxruntime.OrtException;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
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

  /**
   * Calls back as ONNX Runtime does, which calls the class that was there first: after other tests
   * that is the same one of another class loader.
   */
  @Test
  void holdsMessagesBackWhereTheyAreToBe() {
    AtomicBoolean silent = new AtomicBoolean(true);
    assertThat(heard(() -> silent.set(OnnxRuntimeLog.isSilent(OnnxRuntimeLogTest::report))))
        .isEmpty();
    assertThat(silent).isFalse();
    assertThat(OnnxRuntimeLog.isSilent(() -> {})).isTrue();
    assertThat(heard(OnnxRuntimeLogTest::report)).hasSize(1);
  }

  @Test
  void anAttemptThatAnotherFollowsIsNotReported() throws Exception {
    AtomicBoolean silent = new AtomicBoolean();
    assertThat(heard(() -> silent.set(OnnxRuntimeLog.isSilent(OnnxRuntimeLogTest::attempt))))
        .isEmpty();
    assertThat(silent).as("as if nothing had been said").isTrue();
    assertThat(heard(OnnxRuntimeLogTest::attempt)).isEmpty();
    assertThat(heard(OnnxRuntimeLogTest::report)).as("and nothing else").hasSize(1);
  }

  private static void attempt() {
    try {
      OnnxRuntimeLog.attempt(() -> {
        report();
        throw new OrtException("in a test");
      });
    } catch (OrtException e) {
      assertThat(e).hasMessageContaining("in a test");
    }
  }

  private static void report() {
    int error = 3;
    new OnnxRuntimeLog.Sink()
        .callback(Pointer.NULL, error, Pointer.NULL, Pointer.NULL, text("here.cc:1"), text("no"));
  }

  private static Pointer text(String text) {
    Memory memory = new Memory(text.length() + 1L);
    memory.setString(0, text);
    return memory;
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
