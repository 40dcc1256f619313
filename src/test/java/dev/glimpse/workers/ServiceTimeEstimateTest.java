package dev.glimpse.workers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ServiceTimeEstimateTest {

  private final ServiceTimeEstimate pace = new ServiceTimeEstimate(2);

  @Test
  void beforeTheFirstRequestNothingIsKnown() {
    assertThat(pace.waitBehind(100)).isZero();
    assertThat(pace.secondsFor(100)).isEqualTo(1);
  }

  @Test
  void whoFindsAFreeWorkerNeedNotWait() {
    add(1000);
    assertThat(pace.waitBehind(0)).isZero();
    assertThat(pace.waitBehind(1)).isZero();
    assertThat(pace.waitBehind(2)).isEqualTo(millis(500)); // two workers: one is free every 500 ms
    assertThat(pace.waitBehind(5)).isEqualTo(millis(2000));
  }

  @Test
  void theLatestCountMost() {
    add(800);
    add(1600);
    assertThat(pace.waitBehind(2)).isEqualTo(millis(450));
    for (int i = 0; i < 50; i++) {
      add(100);
    }
    assertThat(pace.waitBehind(2)).isBetween(millis(50), millis(52));
  }

  @Test
  void secondsAreRoundedUpAndBounded() {
    add(1001);
    assertThat(pace.secondsFor(1)).isEqualTo(1);
    assertThat(pace.secondsFor(2)).isEqualTo(2);
    assertThat(pace.secondsFor(66)).isEqualTo(34);
    assertThat(pace.secondsFor(1000)).isEqualTo(60);
  }

  private void add(long millis) {
    pace.add(millis(millis));
  }

  private static long millis(long millis) {
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }
}
