package dev.glimpse.api.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.failure.Failure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GrpcResponseTest {

  @Test
  void messagesArePercentEncoded() {
    assertThat(GrpcResponse.percentEncoded("There is no model \"雏\"\n: 100%."))
        .isEqualTo("There is no model \"%E9%9B%8F\"%0A: 100%25.");
  }

  /** Clients repeat a call that is UNAVAILABLE: that must be worthwhile. */
  @ParameterizedTest
  @EnumSource(Failure.class)
  void whatIsUnavailableMayBeRepeated(Failure failure) {
    if (GrpcStatus.of(failure) == GrpcStatus.UNAVAILABLE) {
      assertThat(failure.retryable()).isTrue();
    } else {
      assertThat(failure.status()).isNotEqualTo(503);
    }
  }

  @Test
  void longSentencesAreShortenedBetweenCharacters() {
    assertThat(GrpcResponse.shortened("a".repeat(768))).hasSize(768);
    assertThat(GrpcResponse.shortened("a".repeat(769))).isEqualTo("a".repeat(768) + "…");
    assertThat(GrpcResponse.shortened("a" + "😀".repeat(500)))
        .isEqualTo("a" + "😀".repeat(191) + "…");
  }
}
