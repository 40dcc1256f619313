package dev.glimpse.batching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.engine.EngineException;
import dev.glimpse.failure.Failure;
import dev.glimpse.support.Configs;
import dev.glimpse.support.FakeTime;
import dev.glimpse.workers.Permit;
import dev.glimpse.workers.WorkerPool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks, in random orders of events, that each request gets its own result, once. */
@Timeout(60)
class DynamicBatcherInAnyOrderTest {

  private static final int REQUESTS = 120;

  /** Says what happens to a request. */
  private enum Fate {
    GOOD,
    FAILS_BEFORE_IT_JOINS,
    FAILS_IN_ITS_SLOT,
    FAILS_IN_THE_GRAPH,
    CLIENT_DISCONNECTS
  }

  static LongStream seeds() {
    return LongStream.range(1, 101);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void eachRequestGetsItsOwnResult(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    FakeTime time = new FakeTime();
    DoublingSession session = new DoublingSession();
    WorkerPool pool =
        new WorkerPool(
            Configs.of(
                Map.of(
                    "glimpse.workers.count",
                    "" + random.nextInt(1, 5),
                    "glimpse.queue.size",
                    "" + REQUESTS,
                    "glimpse.queue.timeout",
                    "24h")),
            time,
            time::after);
    int maxSize = random.nextInt(2, 9);
    List<Integer> sizes = Collections.synchronizedList(new ArrayList<>());
    DynamicBatcher batcher =
        DynamicBatcher.start(
            pool,
            session,
            new long[] {1, 1},
            DynamicBatcherTest.settings(maxSize, random.nextBoolean() ? "2" : ""),
            sizes::add);

    List<Fate> fates = new ArrayList<>();
    List<CompletableFuture<float[]>> answers = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      Fate fate = random.nextInt(2) == 0 ? Fate.GOOD : Fate.values()[random.nextInt(5)];
      fates.add(fate);
      Permit permit = pool.admit(Duration.ofDays(1));
      answers.add(ask(pool, batcher, permit, i, fate, random.nextInt(1000)));
      if (fate == Fate.CLIENT_DISCONNECTS) {
        permit.clientGone();
      }
      if (random.nextInt(8) == 0) {
        time.pass(Duration.ofMillis(random.nextInt(8)));
      }
    }
    if (random.nextBoolean()) {
      pool.close(); // while some join and others wait
    }
    CompletableFuture<?> all = CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new));
    while (!all.isDone()) {
      time.pass(Duration.ofMillis(1)); // from all sides: workers join and run meanwhile
    }

    for (int i = 0; i < REQUESTS; i++) {
      CompletableFuture<float[]> answer = answers.get(i);
      switch (fates.get(i)) {
        case GOOD -> assertThat(answer.join()).containsExactly(2 * i, i);
        case FAILS_IN_THE_GRAPH ->
            assertThat(DynamicBatcherTest.failure(answer)).isInstanceOf(EngineException.class);
        case CLIENT_DISCONNECTS -> {
          if (answer.isCompletedExceptionally()) { // or else it was answered before
            assertThat(DynamicBatcherTest.failure(answer)).isEqualTo(Failure.CLIENT_GONE);
          } else {
            assertThat(answer.join()).containsExactly(2 * i, i);
          }
        }
        default ->
            assertThat(DynamicBatcherTest.failure(answer))
                .isInstanceOf(IllegalArgumentException.class);
      }
    }
    pool.close();
    assertThat(sizes).allSatisfy(size -> assertThat(size).isBetween(1, maxSize));
    assertThat(pool.taken()).isZero();
    assertThat(pool.running()).isZero();
    assertThat(session.lent()).isZero();
    assertThat(time.alarms()).isZero();
  }

  private static CompletableFuture<float[]> ask(
      WorkerPool pool, DynamicBatcher batcher, Permit permit, int number, Fate fate, int delay) {
    return pool.submitAsync(
        permit,
        running -> {
          if (fate == Fate.FAILS_BEFORE_IT_JOINS) {
            throw new IllegalArgumentException("no image");
          }
          try (BatchEntry entry = batcher.join(running)) {
            LockSupport.parkNanos(delay); // so that workers overtake one another
            entry
                .input()
                .putFloat(fate == Fate.FAILS_IN_THE_GRAPH ? DoublingSession.POISON : number);
            if (fate == Fate.FAILS_IN_ITS_SLOT) {
              throw new IllegalArgumentException("no tensor");
            }
            return entry.run().thenApply(BatchScores::values);
          }
        });
  }
}
