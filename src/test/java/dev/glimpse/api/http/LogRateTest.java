package dev.glimpse.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LogRateTest {

  @Test
  void linesBeyondTheRateAreLeftOutAndCounted() {
    AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 10);
    LogRate rate = new LogRate(2, clock::get);

    assertThat(rate.next()).isZero();
    assertThat(rate.next()).isZero();
    assertThat(rate.next()).isEqualTo(LogRate.LEAVE_OUT);
    assertThat(rate.next()).isEqualTo(LogRate.LEAVE_OUT);
    clock.addAndGet(999_999_999);
    assertThat(rate.next()).isEqualTo(LogRate.LEAVE_OUT);
    clock.addAndGet(1);
    assertThat(rate.next()).isEqualTo(3);
    assertThat(rate.next()).isZero();
    assertThat(rate.next()).isEqualTo(LogRate.LEAVE_OUT);
    assertThat(rate.takeLeftOut()).isEqualTo(1);
    assertThat(rate.takeLeftOut()).isZero();
  }
}
