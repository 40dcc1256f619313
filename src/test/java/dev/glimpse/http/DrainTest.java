package dev.glimpse.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.Configs;
import dev.glimpse.support.FakeTime;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import java.time.Duration;
import java.util.Map;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;

/** How long the way out is; {@link DrainIT} is about what happens on it. */
class DrainTest {

  private final FakeTime time = new FakeTime();

  @Test
  void whoHasHadNoRequestsGoesAtOnce() throws Exception {
    assertThat(drained(new Traffic(time), passed -> {})).isZero();
  }

  @Test
  void whoHasHadNoneForAWhileGoesAtOnce() throws Exception {
    Traffic traffic = new Traffic(time);
    traffic.begin();
    traffic.end();
    time.pass(Duration.ofSeconds(2));

    assertThat(drained(traffic, passed -> {})).isZero();
  }

  @Test
  void whoHasHadOneJustNowWaitsWhetherThereAreMore() throws Exception {
    Traffic traffic = new Traffic(time);
    traffic.begin();
    traffic.end();
    time.pass(Duration.ofMillis(500));

    assertThat(drained(traffic, passed -> {})).isEqualTo(1500);
  }

  @Test
  void whatIsUnderWayIsWaitedFor() throws Exception {
    Traffic traffic = new Traffic(time);
    traffic.begin();

    long drained =
        drained(
            traffic,
            passed -> {
              if (passed == 3000) {
                traffic.end();
              }
            });
    assertThat(drained).isEqualTo(5000);
  }

  @Test
  void whoIsStillAskedGoesInTheEndAndAnswersWhoeverGotIn() throws Exception {
    Traffic traffic = new Traffic(time);
    traffic.begin();
    traffic.end();

    long drained =
        drained(
            traffic,
            passed -> {
              if (passed <= 10_100) { // the port closes after ten seconds
                traffic.begin();
                traffic.end();
              }
            });
    assertThat(drained).isEqualTo(10_100 + 260); // 250 ms, looked at every 20
  }

  @Test
  void whatNeverEndsIsNotWaitedForForEver() throws Exception {
    Traffic traffic = new Traffic(time);
    traffic.begin();

    assertThat(drained(traffic, passed -> {})).isEqualTo(12_000);
  }

  /** Milliseconds that it took. */
  private long drained(Traffic traffic, LongConsumer meanwhile) throws InterruptedException {
    long started = time.getAsLong();
    Drain drain =
        new Drain(
            Configs.of(Map.of()),
            time,
            traffic,
            millis -> {
              time.pass(Duration.ofMillis(millis));
              meanwhile.accept((time.getAsLong() - started) / 1_000_000);
            });
    assertThat(drain.draining()).isFalse();
    drain.drain(new ShutdownDelayInitiatedEvent());
    assertThat(drain.draining()).isTrue();
    return (time.getAsLong() - started) / 1_000_000;
  }
}
