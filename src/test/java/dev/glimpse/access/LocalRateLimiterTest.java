package dev.glimpse.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.access.RateLimiter.Decision;
import dev.glimpse.support.FakeTime;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalRateLimiterTest {

  private static final Rate TEN_A_SECOND = Rate.parse("10/s").orElseThrow();

  private final FakeTime time = new FakeTime();
  private final LocalRateLimiter limiter = new LocalRateLimiter(time);

  @Test
  void asManyAsTheRateMayComeAtOnceAndNoMore() {
    for (int left = 9; left >= 0; left--) {
      assertThat(take("a", TEN_A_SECOND)).isEqualTo(new Decision(true, 10, left, 1, 0));
    }
    assertThat(take("a", TEN_A_SECOND)).isEqualTo(new Decision(false, 10, 0, 1, 1));
    assertThat(take("b", TEN_A_SECOND).allowed()).as("another caller").isTrue();
  }

  @Test
  void theBucketFillsUpEvenly() {
    IntStream.range(0, 11).forEach(i -> take("a", TEN_A_SECOND));

    time.pass(Duration.ofMillis(99));
    assertThat(take("a", TEN_A_SECOND).allowed()).isFalse();
    time.pass(Duration.ofMillis(1));
    assertThat(take("a", TEN_A_SECOND).allowed()).isTrue();
    assertThat(take("a", TEN_A_SECOND).allowed()).isFalse();
    time.pass(Duration.ofMinutes(5));
    assertThat(take("a", TEN_A_SECOND))
        .as("and not above its brim")
        .isEqualTo(new Decision(true, 10, 9, 1, 0));
  }

  @Test
  void longPeriodsTellHowLongToWait() {
    Rate hourly = Rate.parse("2/h").orElseThrow();
    take("a", hourly);
    take("a", hourly);

    assertThat(take("a", hourly)).isEqualTo(new Decision(false, 2, 0, 3600, 1800));
    time.pass(Duration.ofMinutes(29));
    assertThat(take("a", hourly).retrySeconds()).isEqualTo(60);
  }

  @Test
  void aThousandSecondsAtTenASecondAreTenThousand() {
    long allowed = 0;
    for (int i = 0; i < 100_000; i++) {
      time.pass(Duration.ofMillis(10));
      allowed += take("a", TEN_A_SECOND).allowed() ? 1 : 0;
    }
    assertThat(allowed).isBetween(10_000L, 10_010L);
  }

  @Test
  void theMemoryOfCallersIsBounded() {
    Rate hourly = Rate.parse("1/h").orElseThrow();
    take("first", hourly);
    for (int i = 1; i < LocalRateLimiter.MOST_BUCKETS; i++) {
      take("caller " + i, hourly);
    }
    assertThat(take("first", hourly).allowed()).as("kept, and used again").isFalse();
    take("one too many", hourly);
    assertThat(take("first", hourly).allowed()).isFalse();
    assertThat(take("caller 1", hourly).allowed()).as("forgotten").isTrue();
  }

  @Test
  void manyThreadsTakeNoMoreThanThereIs() {
    Rate rate = Rate.parse("5000/s").orElseThrow();
    long allowed =
        IntStream.range(0, 20_000).parallel().filter(i -> take("a", rate).allowed()).count();

    assertThat(allowed).isEqualTo(5000);
  }

  @Test
  void aShorterPeriodIsNotBoundByWhatALongerOneHasTaken() {
    Rate hourly = Rate.parse("2/h").orElseThrow();
    take("a", hourly);
    take("a", hourly);

    assertThat(take("a", TEN_A_SECOND)).isEqualTo(new Decision(false, 10, 0, 1, 1));
    time.pass(Duration.ofMillis(100));
    assertThat(take("a", TEN_A_SECOND).allowed()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "10", "0/s", "-1/s", "1.5/s", "10/d", "10/S", "10 / s", "1000000000/s"})
  void otherFormsAreNoRates(String text) {
    assertThat(Rate.parse(text)).isEmpty();
  }

  @Test
  void ratesAreReadInSecondsMinutesAndHours() {
    assertThat(List.of("1/s", "60/m", "3600/h"))
        .allSatisfy(text ->
            assertThat(Rate.parse(text).orElseThrow().interval())
                .isEqualTo(Duration.ofSeconds(1).toNanos()));
  }

  private Decision take(String bucket, Rate rate) {
    return limiter.take(bucket, rate).toCompletableFuture().join();
  }
}
