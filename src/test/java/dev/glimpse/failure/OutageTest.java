package dev.glimpse.failure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.FakeTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class OutageTest {

  private final FakeTime time = new FakeTime();
  private final Outage outage = new Outage(time);

  @Test
  void whatWorksIsNotReported() {
    assertThat(outage.worked()).isFalse();
  }

  @Test
  void beginningAndEndAreReportedOnceEach() {
    assertThat(outage.failed()).isTrue();
    assertThat(outage.failed()).isFalse();
    time.pass(Duration.ofMinutes(2));
    assertThat(outage.failed()).as("the log says so already").isFalse();

    assertThat(outage.worked()).isTrue();
    assertThat(outage.worked()).isFalse();
  }

  @Test
  void whatGoesAndComesIsReportedOnceAMinute() {
    outage.failed();
    outage.worked();

    time.pass(Duration.ofSeconds(59));
    assertThat(outage.failed()).isFalse();
    assertThat(outage.worked()).as("its outage was not reported").isFalse();

    time.pass(Duration.ofSeconds(1));
    assertThat(outage.failed()).isTrue();
  }

  @Test
  void outageThatBeginsSoonAfterAnotherIsReportedWhenItLasts() {
    outage.failed();
    outage.worked();
    assertThat(outage.failed()).isFalse();

    time.pass(Duration.ofMinutes(1));

    assertThat(outage.failed()).isTrue();
    assertThat(outage.worked()).isTrue();
  }
}
