package dev.glimpse.results;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResultSizeTest {

  private static final long MAX = 64 << 20;

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "67108864, 1, 1", "1000, 5000, 5", "1000, 1, 21841"})
  void whatFitsIsAccepted(long body, int images, int topK) {
    assertThatCode(() -> ResultSize.check(body, images, topK, MAX)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({"67108865, 1, 1", "1000, 5000, 1000", "1000, 100000, 2147483647"})
  void whatCannotFitIsRefused(long body, int images, int topK) {
    assertThatThrownBy(() -> ResultSize.check(body, images, topK, MAX))
        .isInstanceOfSatisfying(
            ServingException.class,
            refused ->
                org.assertj.core.api.Assertions.assertThat(refused.failure())
                    .isEqualTo(Failure.TOO_LARGE));
  }
}
