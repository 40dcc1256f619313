package dev.glimpse.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.glimpse.config.BatchingConfig;
import dev.glimpse.engine.EngineException;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.support.Configs;
import dev.glimpse.support.FakeTime;
import dev.glimpse.workers.Permit;
import dev.glimpse.workers.Timers;
import dev.glimpse.workers.WorkerPool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Has one worker, a graph that doubles numbers, and a clock that the test advances. */
@Timeout(30)
class DynamicBatcherTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final FakeTime time = new FakeTime();
  private final DoublingSession session = new DoublingSession();
  private final List<Integer> sizes = Collections.synchronizedList(new ArrayList<>());
  private final WorkerPool pool =
      new WorkerPool(Configs.of(Map.of("glimpse.workers.count", "1")), time, time::after);
  private DynamicBatcher batcher = batcher(3, "");

  @AfterEach
  void nothingIsLeftBehind() {
    pool.close();
    assertThat(pool.taken()).isZero();
    assertThat(pool.running()).isZero();
    assertThat(session.lent()).isZero();
    assertThat(time.alarms()).isZero();
  }

  @RepeatedTest(100) // its end had a race condition once
  void fullBatchRunsAtOnceAndEachEntryGetsItsOwnScores() {
    List<CompletableFuture<Float>> answers = List.of(ask(1), ask(2), ask(3));

    assertThat(answers).extracting(CompletableFuture::join).containsExactly(2f, 4f, 6f);
    assertThat(sizes).containsExactly(3);
    assertThat(time.alarms()).isZero();
  }

  @Test
  void batchThatIsNotFullRunsAfterTheMaximumDelay() {
    CompletableFuture<Float> first = ask(1);
    settle();
    time.pass(Duration.ofMillis(3));
    CompletableFuture<Float> second = ask(2);
    settle();
    time.pass(Duration.ofNanos(1_999_999));
    settle();
    assertThat(first).isNotDone();
    time.pass(Duration.ofNanos(1));

    assertThat(first.join()).isEqualTo(2);
    assertThat(second.join()).isEqualTo(4);
    assertThat(sizes).containsExactly(2);
  }

  @Test
  void preferredSizeRunsAtOnce() {
    batcher = batcher(5, "2,4");
    assertThat(List.of(ask(1), ask(2))).extracting(CompletableFuture::join).containsExactly(2f, 4f);
    assertThat(sizes).containsExactly(2);
  }

  @Test
  void preferredSizeWaitsForEntriesInPreparation() {
    batcher = batcher(5, "2,3");
    Permit permit = pool.admit(MINUTE);
    BatchEntry third = batcher.join(permit); // a slow one
    CompletableFuture<Float> first = ask(1);
    CompletableFuture<Float> second = ask(2);
    settle();
    assertThat(sizes).isEmpty();
    third.input().putFloat(3);
    CompletableFuture<BatchScores> scores = third.run().toCompletableFuture();

    assertThat(first.join()).isEqualTo(2);
    assertThat(second.join()).isEqualTo(4);
    assertThat(scores.join().values()).containsExactly(6, 3);
    assertThat(sizes).containsExactly(3);
    permit.close();
  }

  @Test
  void waitingEntryKeepsItsSlotAndNoWorker() {
    CompletableFuture<Float> waiting = ask(1);
    settle();
    assertThat(waiting).isNotDone();
    assertThat(pool.running()).isZero();
    assertThat(pool.taken()).isEqualTo(1);
    time.pass(Duration.ofMillis(5));
    assertThat(waiting.join()).isEqualTo(2);
    assertThat(pool.taken()).isZero();
  }

  @Test
  void runGoesToTheHeadOfTheQueue() throws Exception {
    CompletableFuture<Float> waiting = ask(1);
    settle();
    CompletableFuture<Void> release = new CompletableFuture<>();
    CountDownLatch started = new CountDownLatch(1);
    pool.submit(permit -> {
      started.countDown();
      release.join();
      return "";
    });
    started.await();
    List<String> order = Collections.synchronizedList(new ArrayList<>());
    CompletableFuture<?> later = pool.submit(permit -> order.add("later"));
    CompletableFuture<?> noted = waiting.thenAccept(value -> order.add("batch"));
    time.pass(Duration.ofMillis(5));
    release.complete(null);
    CompletableFuture.allOf(noted, later).join();

    assertThat(order).containsExactly("batch", "later");
  }

  @Test
  void modelMayBeClosedAtOnceWhenEachEntryHasLeftTheBatch() {
    CompletableFuture<Void> release = new CompletableFuture<>();
    CompletableFuture<?> busy = pool.submit(running -> release.join());
    Permit permit = pool.admit(MINUTE);
    batcher.join(permit).close();
    permit.close();

    batcher.close(); // as the model does, before it closes its session

    assertThat(session.lent()).isZero();
    assertThat(sizes).isEmpty();
    release.complete(null);
    busy.join();
  }

  @Test
  void runnerIsReturnedIfTheTimerCannotBeStarted() {
    Timers broken =
        (nanos, action) -> {
          throw new OutOfMemoryError("in a test");
        };
    WorkerPool without = new WorkerPool(Configs.of(Map.of()), time, broken);
    batcher = batcher(without, settings(3, ""));
    Permit permit = pool.admit(MINUTE);

    assertThatThrownBy(() -> batcher.join(permit)).isInstanceOf(OutOfMemoryError.class);

    permit.close();
    without.close();
  }

  @Test
  void entryThatFailsLeavesTheBatchAndItsGapIsClosed() {
    Permit permit = pool.admit(MINUTE);
    BatchEntry gone = batcher.join(permit);
    gone.input().putFloat(99);
    CompletableFuture<Float> second = ask(2);
    CompletableFuture<Float> third = ask(3);
    settle();
    gone.close();
    permit.close();

    assertThat(second.join()).isEqualTo(4);
    assertThat(third.join()).isEqualTo(6);
    assertThat(sizes).containsExactly(2);
  }

  @Test
  void cancelledEntryIsLeftOutOfTheRun() {
    Permit leaving = pool.admit(MINUTE);
    CompletableFuture<Float> gone = ask(leaving, 1);
    CompletableFuture<Float> late = ask(pool.admit(Duration.ofMillis(2)), 2);
    settle();
    leaving.clientGone();
    time.pass(Duration.ofMillis(2));
    CompletableFuture<Float> stays = ask(3);

    assertThat(stays.join()).isEqualTo(6);
    assertThat(failure(gone)).isEqualTo(Failure.CLIENT_GONE);
    assertThat(failure(late)).isEqualTo(Failure.DEADLINE_PASSED);
    assertThat(sizes).containsExactly(1);
  }

  @Test
  void batchOfCancelledEntriesDoesNotRun() {
    Permit leaving = pool.admit(MINUTE);
    CompletableFuture<Float> gone = ask(leaving, 1);
    settle();
    leaving.clientGone();
    time.pass(Duration.ofMillis(5));
    settle();

    assertThat(failure(gone)).isEqualTo(Failure.CLIENT_GONE);
    assertThat(sizes).isEmpty();
  }

  @Test
  void imageThatTheGraphFailsOnDoesNotFailTheOthers() {
    CompletableFuture<Float> first = ask(1);
    CompletableFuture<Float> poison = ask(DoublingSession.POISON);
    CompletableFuture<Float> third = ask(3);

    assertThat(first.join()).isEqualTo(2);
    assertThat(third.join()).isEqualTo(6);
    assertThat(failure(poison)).isInstanceOf(EngineException.class);
  }

  @Test
  void errorInTheRunFailsAllEntriesAndTheWorkerSurvives() {
    CompletableFuture<Float> first = ask(1);
    CompletableFuture<Float> second = ask(DoublingSession.FATAL);
    CompletableFuture<Float> third = ask(3);

    assertThat(failure(first)).isInstanceOf(StackOverflowError.class);
    assertThat(failure(second)).isInstanceOf(StackOverflowError.class);
    assertThat(failure(third)).isInstanceOf(StackOverflowError.class);
    assertThat(pool.submit(permit -> Thread.currentThread().getName()).join())
        .isEqualTo("worker-1");
  }

  /** What follows may take other locks, and another thread this one while it holds those. */
  @Test
  void callersAreNotifiedWithoutTheBatchersLock() {
    Permit permit = pool.admit(MINUTE);
    BatchEntry first = batcher.join(permit);
    BatchEntry second = batcher.join(permit);
    AtomicBoolean locked = new AtomicBoolean(true);
    first.run().whenComplete((scores, failure) -> locked.set(Thread.holdsLock(batcher)));
    pool.close(); // so that the batch is abandoned on this thread
    second.run();

    assertThat(locked).isFalse();
    permit.close();
  }

  @Test
  void closingRunsWaitingEntriesAtOnce() {
    CompletableFuture<Float> waiting = ask(1);
    settle();
    pool.close();
    assertThat(waiting).isCompletedWithValue(2f);
  }

  @Test
  void entryThatJoinsAfterClosingRunsAtOnce() {
    CompletableFuture<Float> coming =
        pool.submitAsync(
            pool.admit(MINUTE),
            permit -> {
              batcher.close();
              return entered(permit, 1);
            });
    assertThat(coming.join()).isEqualTo(2);
    assertThat(sizes).containsExactly(1);
  }

  @Test
  void entryThatDoesNotFitOpensTheNextBatch() {
    List<CompletableFuture<Float>> answers = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      answers.add(ask(i));
    }
    settle();
    time.pass(Duration.ofMillis(5));
    for (int i = 0; i < 7; i++) {
      assertThat(answers.get(i).join()).isEqualTo(2 * i);
    }
    assertThat(sizes).containsExactly(3, 3, 1);
  }

  private DynamicBatcher batcher(int maxSize, String preferred) {
    return batcher(pool, settings(maxSize, preferred));
  }

  private DynamicBatcher batcher(WorkerPool workers, BatchingConfig settings) {
    return DynamicBatcher.start(workers, session, new long[] {1, 1}, settings, sizes::add);
  }

  static BatchingConfig settings(int maxSize, String preferred) {
    Map<String, String> settings = new HashMap<>();
    settings.put("glimpse.batching.any.max-batch-size", "" + maxSize);
    if (!preferred.isEmpty()) {
      settings.put("glimpse.batching.any.preferred-sizes", preferred);
    }
    return Configs.of(settings).batching().get("any");
  }

  private CompletableFuture<Float> ask(float number) {
    return ask(pool.admit(MINUTE), number);
  }

  private CompletableFuture<Float> ask(Permit permit, float number) {
    return pool.submitAsync(permit, running -> entered(running, number));
  }

  private CompletableFuture<Float> entered(Permit permit, float number) {
    try (BatchEntry entry = batcher.join(permit)) {
      entry.input().putFloat(number);
      return entry
          .run()
          .thenApply(scores -> {
            float same = scores.values()[1];
            assertThat(scores.vector()).containsExactly(same, same + 1, same + 2);
            return scores.values()[0];
          })
          .toCompletableFuture();
    }
  }

  /** Waits until the worker has emptied the queue. */
  private void settle() {
    pool.submit(permit -> "").join();
  }

  static Object failure(CompletableFuture<?> result) {
    CompletionException e = catchThrowableOfType(CompletionException.class, result::join);
    return e.getCause() instanceof ServingException serving ? serving.failure() : e.getCause();
  }
}
