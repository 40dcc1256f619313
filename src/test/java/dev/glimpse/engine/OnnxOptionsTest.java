package dev.glimpse.engine;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class OnnxOptionsTest {

  /** Longer than ONNX Runtime takes. */
  private static final String TOO_LONG = "a".repeat(100_000);

  @BeforeAll
  static void load() {
    OnnxRuntimeStart.engine();
  }

  @Test
  void optionsThatDoNotTakeASettingAreClosed() throws OrtException {
    SessionOptions options = new SessionOptions();
    assertThatThrownBy(
            () -> OnnxOptions.with(options, set -> set.addConfigEntry(TOO_LONG, TOO_LONG)))
        .isInstanceOf(OrtException.class);
    assertThatThrownBy(options::close).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void optionsThatTakeASettingAreOpen() throws OrtException {
    SessionOptions options =
        OnnxOptions.with(new SessionOptions(), set -> set.setCPUArenaAllocator(false));
    options.close();
  }
}
