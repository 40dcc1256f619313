package dev.glimpse.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class EventQueueTest {

  private static final long ANY = 1 << 20;

  @Test
  void oneMoreThanItHoldsIsNotAdded() throws InterruptedException {
    EventQueue queue = new EventQueue(2, ANY);

    assertThat(queue.add(TestEvents.queued("1", 0))).isTrue();
    assertThat(queue.add(TestEvents.queued("2", 0))).isTrue();
    assertThat(queue.add(TestEvents.queued("3", 0))).isFalse();

    assertThat(queue.take(10))
        .extracting(event -> event.prediction().id())
        .containsExactly("1", "2");
  }

  @Test
  void oneThatExceedsItsBytesIsNotAdded() {
    int bytes = TestEvents.queued("1", 0).bytes();
    EventQueue queue = new EventQueue(10, 2L * bytes);

    assertThat(queue.add(TestEvents.queued("1", 0))).isTrue();
    assertThat(queue.add(TestEvents.queued("2", 0))).isTrue();
    assertThat(queue.add(TestEvents.queued("3", 0))).isFalse();
  }

  /** What is being sent takes memory, too. */
  @Test
  void whatIsTakenCountsUntilItIsReleased() throws InterruptedException {
    EventQueue queue = new EventQueue(1, ANY);
    queue.add(TestEvents.queued("1", 0));
    List<QueuedEvent> taken = queue.take(10);

    assertThat(queue.add(TestEvents.queued("2", 0))).isFalse();
    assertThat(queue.size()).isEqualTo(1);
    queue.release(taken);
    assertThat(queue.size()).isZero();
    assertThat(queue.add(TestEvents.queued("2", 0))).isTrue();
  }

  @Test
  void noMoreAreTakenThanAskedFor() throws InterruptedException {
    EventQueue queue = new EventQueue(10, ANY);
    queue.add(TestEvents.queued("1", 0));
    queue.add(TestEvents.queued("2", 0));

    assertThat(queue.take(1)).hasSize(1);
    assertThat(queue.take(1)).hasSize(1);
  }

  @Test
  void aClosedQueueGivesWhatItHoldsAndThenNothing() throws InterruptedException {
    EventQueue queue = new EventQueue(10, ANY);
    queue.add(TestEvents.queued("1", 0));
    queue.close();

    assertThat(queue.add(TestEvents.queued("2", 0))).isFalse();
    assertThat(queue.take(10)).hasSize(1);
    assertThat(queue.take(10)).isEmpty();
  }

  @Test
  void closingEndsAPause() throws InterruptedException {
    EventQueue queue = new EventQueue(10, ANY);
    Thread pausing = Thread.currentThread();
    Thread closing =
        new Thread(() -> {
          while (pausing.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
          }
          queue.close();
        });
    closing.start();

    queue.pause(Long.MAX_VALUE);

    assertThat(queue.isClosed()).isTrue();
    closing.join();
  }
}
