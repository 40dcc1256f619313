package dev.glimpse.workers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.support.Configs;
import dev.glimpse.support.FakeTime;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Has two workers, six slots in the queue, and a clock that the test advances. */
@Timeout(30)
class LongTasksTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long BEARABLE = TimeUnit.MILLISECONDS.toNanos(100);

  private final FakeTime time = new FakeTime();
  private final WorkerPool pool =
      new WorkerPool(
          Configs.of(Map.of("glimpse.workers.count", "2", "glimpse.queue.size", "6")),
          time,
          time::after);

  private final Semaphore begun = new Semaphore(0);
  private final CountDownLatch release = new CountDownLatch(1);

  @AfterEach
  void close() {
    release.countDown();
    pool.close();
  }

  @Test
  void leaveAWorkerToShortRequests() throws Exception {
    runShortRequest();
    CompletableFuture<String> first = longRequest("first");
    begun.acquire();
    CompletableFuture<String> second = longRequest("second");
    CompletableFuture<String> third = longRequest("third");

    runShortRequest();
    runShortRequest();
    assertThat(pool.running()).isEqualTo(1);
    assertThat(pool.waiting()).isEqualTo(2);

    release.countDown();
    assertThat(first.join() + second.join() + third.join()).isEqualTo("firstsecondthird");
    assertThat(pool.waiting()).isZero();
    assertThat(pool.taken()).isZero();
  }

  @Test
  void haveAllWorkersWhileThereAreNoShortRequests() throws Exception {
    runShortRequest();
    time.pass(Duration.ofSeconds(10));
    longRequest("first");
    longRequest("second");

    begun.acquire(2); // both run
  }

  @Test
  void takeAnIdleWorkerIfTheyEndSoon() throws Exception {
    runShortRequest();
    longRequest(pool.admit(MINUTE), BEARABLE, "first");
    begun.acquire();
    longRequest(pool.admit(MINUTE), BEARABLE, "second");

    begun.acquire(); // both run
    CompletableFuture<String> next = pool.submit(pool.admit(MINUTE), permit -> "short");
    CompletableFuture<String> third = longRequest(pool.admit(MINUTE), BEARABLE, "third");
    assertThat(pool.waiting()).isPositive();

    release.countDown();
    assertThat(next.join() + third.join()).isEqualTo("shortthird");
  }

  @Test
  void leaveHalfOfTheSlotsToShortRequests() throws Exception {
    for (int i = 0; i < 4; i++) {
      longRequest("");
      if (i == 0) {
        runShortRequest();
        begun.acquire();
      }
    }
    CompletableFuture<String> fifth = longRequest("");
    assertThat(failure(fifth)).isEqualTo(Failure.OVERLOADED);

    assertThat(pool.taken()).isEqualTo(4);
    runShortRequest();
  }

  /** Two run, and would keep both workers for as long as the ones before them did. */
  @Test
  void oneThatWouldWaitTooLongIsRefusedAtOnce() throws Exception {
    CompletableFuture<String> slow =
        pool.submitAsync(
            pool.admit(MINUTE),
            permit ->
                pool.resumeLong(
                    permit,
                    MINUTE.toNanos(),
                    () -> {
                      time.pass(Duration.ofSeconds(12)); // 12 seconds each, from now on
                      return CompletableFuture.completedFuture("");
                    }));
    assertThat(slow.join()).isEmpty();
    CompletableFuture<String> first = longRequest("first");
    begun.acquire();
    // Else the second could take the worker on which the third asks for its turn.
    Semaphore submitted = new Semaphore(0);
    pool.submitAsync(
        pool.admit(MINUTE),
        running -> {
          submitted.acquireUninterruptibly();
          return pool.resumeLong(
              running, SECOND, () -> CompletableFuture.completedFuture(whenReleased("second")));
        });
    CompletableFuture<String> third = longRequest("third");
    submitted.release();

    assertThat(failure(third)).isEqualTo(Failure.OVERLOADED);
    release.countDown();
    assertThat(first.join()).isEqualTo("first");
  }

  @Test
  void waitingOneIsDroppedWhenItsRequestIsCancelled() throws Exception {
    runShortRequest();
    longRequest("");
    begun.acquire();
    Permit permit = pool.admit(MINUTE);
    CompletableFuture<String> second = longRequest(permit, "");
    runShortRequest();
    assertThat(pool.waiting()).isEqualTo(1);

    permit.clientGone();

    assertThat(failure(second)).isEqualTo(Failure.CLIENT_GONE);
    assertThat(pool.waiting()).isZero();
    assertThat(pool.taken()).isEqualTo(1);
  }

  @Test
  void waitingOneFailsIfItWaitsForTooLong() throws Exception {
    runShortRequest();
    CompletableFuture<String> first = longRequest("first");
    begun.acquire();
    CompletableFuture<String> second = longRequest("second");
    runShortRequest();
    time.pass(Duration.ofSeconds(5));
    release.countDown();

    assertThat(failure(second)).isEqualTo(Failure.QUEUE_TIMEOUT);
    assertThat(first.join()).isEqualTo("first");
    assertThat(pool.taken()).isZero();
  }

  @Test
  void sayNothingAboutTheTimeOfShortRequests() throws Exception {
    pool.submitAsync(
            pool.admit(MINUTE),
            permit ->
                pool.resumeLong(
                    permit,
                    SECOND,
                    () -> {
                      time.pass(Duration.ofSeconds(4));
                      return CompletableFuture.completedFuture("");
                    }))
        .join();
    runShortRequest();
    for (int i = 0; i < 3; i++) {
      longRequest("");
    }
    begun.acquire();
    runShortRequest();

    pool.admit(Duration.ofMillis(1)).close();
    assertThat(pool.retryAfter(0)).isEqualTo(6); // three times four seconds, for two workers
  }

  /** They go on while no other request waits, so their time is not what others wait for. */
  @Test
  void turnsSayNothingAboutTheTimeOfOthers() throws Exception {
    pool.submitAsync(
            pool.admit(MINUTE),
            permit ->
                pool.resumeTurn(
                    permit,
                    SECOND,
                    () -> {
                      time.pass(Duration.ofSeconds(12));
                      return CompletableFuture.completedFuture("");
                    }))
        .join();
    CompletableFuture<String> last = longRequest("first");
    for (int i = 0; i < 3; i++) {
      last = longRequest("last");
    }
    begun.acquire();

    assertThat(pool.retryAfter(0)).isEqualTo(1);
    assertThat(pool.takesTooLong(4)).isFalse();
    release.countDown();
    assertThat(last.join()).isEqualTo("last");
  }

  @Test
  void waitingOnesAreFinishedWhenThePoolCloses() throws Exception {
    runShortRequest();
    longRequest("");
    begun.acquire();
    CompletableFuture<String> second = longRequest("second");
    CompletableFuture<String> third = longRequest("third");
    runShortRequest();
    CompletableFuture<Void> closed = CompletableFuture.runAsync(pool::close);
    while (pool.alive()) {
      Thread.onSpinWait();
    }
    release.countDown();
    closed.join();

    assertThat(second).isCompletedWithValue("second");
    assertThat(third).isCompletedWithValue("third");
    assertThat(pool.taken()).isZero();
  }

  private void runShortRequest() throws Exception {
    pool.submit(pool.admit(MINUTE), permit -> "").get();
  }

  private CompletableFuture<String> longRequest(String result) {
    return longRequest(pool.admit(MINUTE), result);
  }

  private CompletableFuture<String> longRequest(Permit permit, String result) {
    return longRequest(permit, SECOND, result);
  }

  private CompletableFuture<String> longRequest(Permit permit, long nanos, String result) {
    return pool.submitAsync(
        permit,
        running ->
            pool.resumeLong(
                running, nanos, () -> CompletableFuture.completedFuture(whenReleased(result))));
  }

  private String whenReleased(String result) {
    begun.release();
    try {
      assertThat(release.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return result;
  }

  private static Object failure(CompletableFuture<?> result) {
    CompletionException e = catchThrowableOfType(CompletionException.class, result::join);
    return e.getCause() instanceof ServingException serving ? serving.failure() : e.getCause();
  }
}
