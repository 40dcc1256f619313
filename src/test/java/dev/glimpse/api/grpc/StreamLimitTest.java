package dev.glimpse.api.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StreamLimitTest {

  @ParameterizedTest
  @CsvSource({"256, 256", "2048, 2048", "65536, 2048"})
  void theWindowsOfAllStreamsFitIntoTheHeapAndANetworkHasHalf(long megabytes, int most) {
    StreamLimit limit = new StreamLimit(megabytes << 20);
    for (int network = 1; network <= 2; network++) {
      for (int i = 0; i < most / 2; i++) {
        assertThat(limit.take(network)).isTrue();
      }
      assertThat(limit.take(network)).isFalse();
    }
    assertThat(limit.take(3)).isFalse();
    assertThat(limit.open()).isEqualTo(most);

    limit.release(1);
    assertThat(limit.take(3)).isTrue();
    assertThat(limit.take(1)).isFalse();
  }

  @Test
  void releasedPlacesAreFreeAgain() {
    StreamLimit limit = new StreamLimit(2L << 20);
    for (int i = 0; i < 10; i++) {
      assertThat(limit.take("network")).isTrue();
      assertThat(limit.take("network")).isFalse();
      limit.release("network");
    }
    assertThat(limit.open()).isZero();
  }
}
