package dev.glimpse.workers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ServiceTimeEstimateTest {

  private final ServiceTimeEstimate estimate = new ServiceTimeEstimate();

  @Test
  void isZeroBeforeTheFirstRequest() {
    assertThat(estimate.waitBehind(100, 2)).isZero();
    assertThat(estimate.workFor(100)).isZero();
  }

  @Test
  void expectsNoWaitWhenAWorkerIsFree() {
    add(1000);
    assertThat(estimate.waitBehind(0, 2)).isZero();
    assertThat(estimate.waitBehind(1, 2)).isZero();
    assertThat(estimate.waitBehind(2, 2))
        .isEqualTo(millis(500)); // two workers: one is free every 500 ms
    assertThat(estimate.waitBehind(5, 2)).isEqualTo(millis(2000));
  }

  @Test
  void weightsTheLatestRequestsMost() {
    add(800);
    add(1600);
    assertThat(estimate.waitBehind(2, 2)).isEqualTo(millis(450));
    for (int i = 0; i < 50; i++) {
      add(100);
    }
    assertThat(estimate.waitBehind(2, 2)).isBetween(millis(50), millis(52));
  }

  @Test
  void workIsTheTimeOfAllRequests() {
    add(1001);
    assertThat(estimate.workFor(1)).isEqualTo(millis(1001));
    assertThat(estimate.workFor(66)).isEqualTo(millis(66_066));
  }

  @Test
  void roundsSecondsUpAndBoundsThem() {
    assertThat(ServiceTimeEstimate.seconds(0)).isEqualTo(1);
    assertThat(ServiceTimeEstimate.seconds(millis(1000))).isEqualTo(1);
    assertThat(ServiceTimeEstimate.seconds(millis(1001))).isEqualTo(2);
    assertThat(ServiceTimeEstimate.seconds(millis(33_033))).isEqualTo(34);
    assertThat(ServiceTimeEstimate.seconds(millis(500_000))).isEqualTo(60);
  }

  private void add(long millis) {
    estimate.add(millis(millis));
  }

  private static long millis(long millis) {
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }
}
