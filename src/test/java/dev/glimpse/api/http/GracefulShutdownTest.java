package dev.glimpse.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.Configs;
import dev.glimpse.support.FakeTime;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import java.time.Duration;
import java.util.Map;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;

/** How long the way out is; {@link GracefulShutdownIT} is about what happens on it. */
class GracefulShutdownTest {

  private final FakeTime time = new FakeTime();

  @Test
  void whoHasHadNoRequestsGoesAtOnce() throws Exception {
    assertThat(drained(new InFlightRequests(time), passed -> {})).isZero();
  }

  @Test
  void whoHasHadNoneForAWhileGoesAtOnce() throws Exception {
    InFlightRequests traffic = new InFlightRequests(time);
    traffic.begin();
    traffic.end();
    time.pass(Duration.ofSeconds(2));

    assertThat(drained(traffic, passed -> {})).isZero();
  }

  @Test
  void whoHasHadOneJustNowWaitsWhetherThereAreMore() throws Exception {
    InFlightRequests traffic = new InFlightRequests(time);
    traffic.begin();
    traffic.end();
    time.pass(Duration.ofMillis(500));

    assertThat(drained(traffic, passed -> {})).isEqualTo(1500);
  }

  @Test
  void whatIsUnderWayIsWaitedFor() throws Exception {
    InFlightRequests traffic = new InFlightRequests(time);
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
  void acceptedRequestsAreAnsweredBeforeTheServiceEnds() throws Exception {
    InFlightRequests traffic = new InFlightRequests(time);
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
    InFlightRequests traffic = new InFlightRequests(time);
    traffic.begin();

    assertThat(drained(traffic, passed -> {})).isEqualTo(12_000);
  }

  /** Milliseconds that it took. */
  private long drained(InFlightRequests traffic, LongConsumer meanwhile)
      throws InterruptedException {
    long started = time.getAsLong();
    GracefulShutdown drain =
        new GracefulShutdown(
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
