package dev.glimpse.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BodyRateTest {

  private static final BodyRate RATE = new BodyRate(1000, TimeUnit.SECONDS.toNanos(30));

  @ParameterizedTest
  @CsvSource({
    "0, 0, false",
    "4.9, 0, false",
    "5.1, 0, true", // the grace is over
    "5.1, 200, false",
    "15.1, 10000, true",
    "14.9, 10000, false",
    "29.9, 30000, false",
    "31, 0, false", // then it is late, which is another failure
  })
  void aBodyIsTooSlow(double seconds, long received, boolean tooSlow) {
    assertThat(RATE.tooSlow((long) (seconds * 1e9), received)).isEqualTo(tooSlow);
  }

  @ParameterizedTest
  @CsvSource({"0, 5", "1000, 6", "20000, 25", "1000000, 30"})
  void isLookedAtWhenItCouldBe(long received, double seconds) {
    assertThat(RATE.allowed(received)).isEqualTo((long) (seconds * 1e9));
  }

  @ParameterizedTest
  @CsvSource({"0, 30", "1000, 30"})
  void anyRateWillDoIfItIsOff(long received, double seconds) {
    BodyRate any = new BodyRate(0, TimeUnit.SECONDS.toNanos(30));
    assertThat(any.allowed(received)).isEqualTo((long) (seconds * 1e9));
    assertThat(any.tooSlow(TimeUnit.SECONDS.toNanos(29), received)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"30000000, 1000000", "3000, 1000", "0, 1000", "30000001, 1000001"})
  void tellsTheBytesOfASecond(long body, long bytes) {
    assertThat(RATE.perSecond(body)).isEqualTo(bytes);
  }
}
