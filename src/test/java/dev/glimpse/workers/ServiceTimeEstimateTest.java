package dev.glimpse.workers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ServiceTimeEstimateTest {

  private final ServiceTimeEstimate estimate = new ServiceTimeEstimate(2);

  @Test
  void isZeroBeforeTheFirstRequest() {
    assertThat(estimate.waitBehind(100)).isZero();
    assertThat(estimate.secondsFor(100)).isEqualTo(1);
  }

  @Test
  void expectsNoWaitWhenAWorkerIsFree() {
    add(1000);
    assertThat(estimate.waitBehind(0)).isZero();
    assertThat(estimate.waitBehind(1)).isZero();
    assertThat(estimate.waitBehind(2))
        .isEqualTo(millis(500)); // two workers: one is free every 500 ms
    assertThat(estimate.waitBehind(5)).isEqualTo(millis(2000));
  }

  @Test
  void weightsTheLatestRequestsMost() {
    add(800);
    add(1600);
    assertThat(estimate.waitBehind(2)).isEqualTo(millis(450));
    for (int i = 0; i < 50; i++) {
      add(100);
    }
    assertThat(estimate.waitBehind(2)).isBetween(millis(50), millis(52));
  }

  @Test
  void roundsSecondsUpAndBoundsThem() {
    add(1001);
    assertThat(estimate.secondsFor(1)).isEqualTo(1);
    assertThat(estimate.secondsFor(2)).isEqualTo(2);
    assertThat(estimate.secondsFor(66)).isEqualTo(34);
    assertThat(estimate.secondsFor(1000)).isEqualTo(60);
  }

  private void add(long millis) {
    estimate.add(millis(millis));
  }

  private static long millis(long millis) {
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }
}
