package dev.glimpse.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LogRateTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  /** The clock overflows in between, as System.nanoTime() may. */
  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 10);

  @Test
  void linesBeyondTheRateAreLeftOutAndCounted() {
    LogRate rate = new LogRate(2, SECOND, clock::get);

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

  @Test
  void periodBeginsWithALine() {
    LogRate rate = new LogRate(1, SECOND, clock::get);

    clock.addAndGet(900_000_000);
    assertThat(rate.next()).isZero();
    clock.addAndGet(200_000_000);
    assertThat(rate.next()).isEqualTo(LogRate.LEAVE_OUT);
    clock.addAndGet(800_000_000);
    assertThat(rate.next()).isEqualTo(1);
  }
}
