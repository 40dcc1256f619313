package dev.glimpse.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.events.Delivered.Outcome;
import dev.glimpse.metrics.EventMetrics;
import dev.glimpse.support.FakeTime;
import dev.glimpse.support.LogLines;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeliveryTest {

  private static final Duration MAX_AGE = Duration.ofSeconds(60);

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final FakeTime time = new FakeTime();
  private final EventQueue queue = new EventQueue(100, 1 << 20);
  private final ScriptedSink sink = new ScriptedSink();
  private final LogLines log = LogLines.of("dev.glimpse.events");
  private final Delivery delivery =
      new Delivery(
          queue, sink, TestEvents.attributes(Map.of()), new EventMetrics(meters), MAX_AGE, time);

  @AfterEach
  void stop() {
    log.close();
  }

  /** Accepts all events, unless a test has said what becomes of the next ones. */
  private static final class ScriptedSink implements Sink {

    private final Deque<Delivered> script = new ArrayDeque<>();
    private final List<List<String>> sent = new ArrayList<>();
    private Runnable fault = () -> {};
    private Runnable nameFault = () -> {};
    private boolean closed;

    @Override
    public int most() {
      return 3;
    }

    @Override
    public String name() {
      nameFault.run();
      return "sink.test";
    }

    @Override
    public Delivered send(List<CloudEvent> events) {
      sent.add(events.stream().map(event -> event.attributes().get("id")).toList());
      fault.run();
      return script.isEmpty() ? Delivered.all(events.size()) : script.remove();
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  @Test
  void eventsAreSentInTheirOrderAsManyAsTheSinkTakes() throws Exception {
    add("1", "2", "3", "4");
    run();

    assertThat(sink.sent).containsExactly(List.of("1", "2", "3"), List.of("4"));
    assertThat(count("sent", null)).isEqualTo(4);
    assertThat(queue.size()).isZero();
    assertThat(sink.closed).isTrue();
    assertThat(log.lines()).isEmpty();
  }

  @Test
  void whatHasFailedIsSentAgainOneAtATimeUntilOneIsAccepted() throws Exception {
    add("1", "2", "3");
    script("answers with status 503", Outcome.FAILED, Outcome.ACCEPTED, Outcome.FAILED);
    script("answers with status 503", Outcome.FAILED);

    assertThat(step()).isPositive();
    assertThat(step()).isPositive();
    assertThat(step()).isZero();
    assertThat(step()).isZero();

    assertThat(sink.sent)
        .containsExactly(List.of("1", "2", "3"), List.of("1"), List.of("1"), List.of("3"));
    assertThat(count("sent", null)).isEqualTo(3);
    assertThat(queue.size()).isZero();
  }

  @Test
  void pausesGrowUpToABoundAndBeginAnewAfterSuccess() throws Exception {
    List<Duration> pauses = new ArrayList<>();
    add("1");
    for (int i = 0; i < 12; i++) {
      script("refuses connections", Outcome.FAILED);
      pauses.add(step());
    }
    assertThat(pauses.get(0)).isBetween(Duration.ofMillis(75), Duration.ofMillis(125));
    assertThat(pauses.get(1)).isBetween(Duration.ofMillis(150), Duration.ofMillis(250));
    assertThat(pauses.get(11)).isBetween(Duration.ofMillis(7500), Duration.ofMillis(12_500));

    assertThat(step()).isZero();
    add("2");
    script("refuses connections", Outcome.FAILED);
    assertThat(step()).isLessThan(Duration.ofMillis(126));
  }

  @Test
  void aSinkIsLeftAloneAsLongAsItAsksFor() throws Exception {
    add("1");
    sink.script.add(
        new Delivered(
            List.of(Outcome.FAILED),
            Optional.of("answers with status 429"),
            Duration.ofSeconds(7)));

    assertThat(step()).isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void whatIsRejectedIsDroppedAndNotSentAgain() throws Exception {
    add("1", "2");
    script("answers with status 401", Outcome.REJECTED, Outcome.ACCEPTED);
    run();

    assertThat(sink.sent).hasSize(1);
    assertThat(count("dropped", "rejected")).isEqualTo(1);
    assertThat(count("sent", null)).isEqualTo(1);
    assertThat(queue.size()).isZero();
  }

  @Test
  void whatHasBecomeTooOldIsDropped() throws Exception {
    add("1");
    script("refuses connections", Outcome.FAILED);
    step();
    time.pass(MAX_AGE);
    add("2");
    time.pass(Duration.ofNanos(1));
    assertThat(step()).isZero();
    step();

    assertThat(sink.sent).containsExactly(List.of("1"), List.of("2"));
    assertThat(count("dropped", "expired")).isEqualTo(1);
    assertThat(count("sent", null)).isEqualTo(1);
  }

  @Test
  void anOutageIsLoggedOnceAndItsEndOnce() throws Exception {
    add("1");
    for (int i = 0; i < 3; i++) {
      script("refuses connections", Outcome.FAILED);
      step();
    }
    step();
    add("2");
    step();

    assertThat(log.lines())
        .containsExactly(
            "WARN Events of predictions are not accepted: sink.test refuses connections."
                + " Predictions are answered as before; glimpse_events_dropped_total counts the"
                + " events that are dropped.",
            "INFO Events of predictions are accepted again by sink.test.");
  }

  /** A sink that rejects every second event must not fill the log. */
  @Test
  void outagesAreLoggedOnceAMinuteAtMost() throws Exception {
    for (int i = 0; i < 5; i++) {
      reject("1");
      add("2");
      step();
    }
    assertThat(log.lines()).hasSize(2);

    time.pass(Duration.ofMinutes(1));
    reject("3");
    assertThat(log.lines()).hasSize(3);
  }

  @Test
  void anOutageThatBeginsSoonAfterAnotherIsLoggedWhenItLasts() throws Exception {
    reject("1");
    add("2");
    step();
    reject("3");
    assertThat(log.lines()).hasSize(2);

    time.pass(Duration.ofMinutes(1));
    reject("4");

    assertThat(log.lines()).hasSize(3);
  }

  private void reject(String id) throws Exception {
    add(id);
    script("answers with status 400", Outcome.REJECTED);
    step();
  }

  @Test
  void anUnexpectedFailureDropsTheEventsAndIsLoggedOnce() throws Exception {
    sink.fault =
        () -> {
          throw new IllegalStateException("broken");
        };
    add("1", "2");
    step();
    sink.fault =
        () -> {
          throw new LinkageError("injected");
        };
    add("3");
    step();

    assertThat(count("dropped", "internal")).isEqualTo(3);
    assertThat(queue.size()).isZero();
    assertThat(log.lines()).hasSize(1).first().asString().startsWith("WARN An event");
    sink.fault = () -> {};
    add("4");
    run();
    assertThat(count("sent", null)).isEqualTo(1);
  }

  @Test
  void anErrorWhileAFailureIsLoggedEndsNothing() throws Exception {
    AtomicBoolean thrown = new AtomicBoolean();
    sink.nameFault =
        () -> {
          if (thrown.compareAndSet(false, true)) {
            throw new OutOfMemoryError("injected");
          }
        };
    add("1", "2");
    script("refuses connections", Outcome.FAILED, Outcome.FAILED);
    run();

    assertThat(thrown).isTrue();
    assertThat(count("sent", null)).isEqualTo(2);
    assertThat(queue.size()).isZero();
  }

  /** So that the last second of the process is used for some attempts. */
  @Test
  void pausesAreShortAfterTheQueueIsClosed() throws Exception {
    add("1");
    for (int i = 0; i < 8; i++) {
      script("refuses connections", Outcome.FAILED);
      step();
    }
    queue.close();
    script("refuses connections", Outcome.FAILED);

    assertThat(step()).isEqualTo(Delivery.FIRST_PAUSE);
  }

  @Test
  void anInterruptEndsIt() throws Exception {
    Thread thread = new Thread(delivery);
    thread.start();
    thread.interrupt();
    thread.join();

    assertThat(sink.closed).isTrue();
  }

  private void add(String... ids) {
    for (String id : ids) {
      queue.add(TestEvents.queued(id, time.getAsLong()));
    }
  }

  private void script(String reason, Outcome... outcomes) {
    sink.script.add(new Delivered(Arrays.asList(outcomes), Optional.of(reason), Duration.ZERO));
  }

  private Duration step() throws InterruptedException {
    assertThat(queue.size()).isPositive(); // or it would wait
    return delivery.fill() ? delivery.sendOnce() : Duration.ZERO;
  }

  private void run() {
    queue.close();
    delivery.run();
  }

  private double count(String name, String reason) {
    var search = meters.get("glimpse.events." + name);
    return (reason == null ? search : search.tag("reason", reason)).counter().count();
  }
}
