package dev.glimpse.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.support.Configs;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestDeadlineTest {

  private final RequestDeadline deadline = new RequestDeadline(Configs.defaults());

  @Test
  void withoutAHeaderItIsTheDefaultWhichIsNeverLongerThanTheLongest() {
    assertThat(deadline.of(null, null)).isEqualTo(Duration.ofSeconds(30));
    RequestDeadline strict = new RequestDeadline(Configs.of(Map.of("glimpse.deadline.max", "3s")));
    assertThat(strict.of(null, null)).isEqualTo(Duration.ofSeconds(3));
  }

  @ParameterizedTest
  @CsvSource({
    "500m,, PT0.5S",
    "2S,, PT2S",
    "1M,, PT1M",
    "1H,, PT1M", // no longer than the longest
    "99999999H,, PT1M",
    "20000u,, PT0.02S",
    "20000000n,, PT0.02S",
    "0n,, PT0.000000001S", // has passed
    "0H,1500, PT0.000000001S",
    ",1500, PT1.5S",
    ",9999999999, PT1M",
    "2S,1500, PT1.5S", // the shorter
    "1S,1500, PT1S",
  })
  void aHeaderSays(String grpc, String envoy, Duration time) {
    assertThat(deadline.of(grpc, envoy)).isEqualTo(time);
  }

  @ParameterizedTest
  @CsvSource({
    "soon,, grpc-timeout",
    "500,, grpc-timeout",
    "500ms,, grpc-timeout",
    "-1S,, grpc-timeout",
    "1.5S,, grpc-timeout",
    "123456789m,, grpc-timeout",
    "'',, grpc-timeout",
    ",1s, x-envoy-expected-rq-timeout-ms",
    ",0, x-envoy-expected-rq-timeout-ms",
    ",-5, x-envoy-expected-rq-timeout-ms",
    ",12345678901, x-envoy-expected-rq-timeout-ms",
    "1S,soon, x-envoy-expected-rq-timeout-ms", // both are read
  })
  void aHeaderThatIsNotOfItsFormIsNamed(String grpc, String envoy, String header) {
    ServingException e =
        catchThrowableOfType(ServingException.class, () -> deadline.of(grpc, envoy));

    assertThat(e.failure()).isEqualTo(Failure.INVALID_PARAMETER);
    assertThat(e.parameter()).hasValue(header);
  }
}
