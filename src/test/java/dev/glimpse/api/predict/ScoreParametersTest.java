package dev.glimpse.api.predict;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScoreParametersTest {

  /** Programs write small numbers so. */
  @ParameterizedTest
  @ValueSource(strings = {"0", "1", "1.0", "0.5", ".5", "1e-05", "2.5E-7"})
  void scoresAreThresholds(String text) {
    assertThat(text).matches(ScoreParameters.THRESHOLD);
    assertThat(ScoreParameters.read(text, null, null).threshold().orElseThrow())
        .isEqualTo(Double.parseDouble(text))
        .isBetween(0.0, 1.0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-0.1", "1.5", "2", "1e5", "1e0", "NaN", "", "0x1p-3", "1e-100"})
  void otherTextsAreNone(String text) {
    assertThat(text).doesNotMatch(ScoreParameters.THRESHOLD);
  }
}
