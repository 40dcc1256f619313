package dev.glimpse.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.support.Configs;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.MDC;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WorkerPoolTest {

  private final WorkerPool pool =
      new WorkerPool(Configs.of(Map.of("glimpse.workers.count", "1", "glimpse.queue.size", "2")));

  private final CountDownLatch started = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);

  @AfterEach
  void close() {
    release.countDown();
    pool.close();
  }

  @Test
  void refusesWhatDoesNotFitIntoTheQueueAndTakesAgainWhatDoes() throws Exception {
    CompletableFuture<String> running = pool.submit(waited -> blocked("running"));
    started.await();
    CompletableFuture<String> first = pool.submit(waited -> "first");
    CompletableFuture<String> second = pool.submit(waited -> "second");

    assertThat(pool.running()).isEqualTo(1);
    assertThat(pool.waiting()).isEqualTo(2);
    assertThat(catchThrowableOfType(ServingException.class, () -> pool.submit(w -> "third")))
        .extracting(ServingException::failure)
        .isEqualTo(Failure.OVERLOADED);
    assertThatThrownBy(pool::requireRoom).isInstanceOf(ServingException.class);

    release.countDown();
    assertThat(running.get()).isEqualTo("running");
    assertThat(first.get()).isEqualTo("first");
    assertThat(second.get()).isEqualTo("second");
    pool.requireRoom();
    assertThat(pool.submit(waited -> "fourth").get()).isEqualTo("fourth");
    assertThat(pool.waiting()).isZero();
  }

  @Test
  void tellsATaskHowLongItWaited() throws Exception {
    pool.submit(waited -> blocked(""));
    started.await();
    long submitted = System.nanoTime();
    CompletableFuture<Long> waited = pool.submit(nanos -> nanos);
    release.countDown();

    assertThat(waited.get()).isBetween(1L, System.nanoTime() - submitted);
  }

  @Test
  void aWorkerSurvivesWhateverATaskThrows() throws Exception {
    CompletableFuture<?> failed =
        pool.submit(waited -> {
          throw new StackOverflowError("as a codec might");
        });

    assertThatThrownBy(failed::get)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(StackOverflowError.class);
    assertThat(pool.submit(waited -> Thread.currentThread().getName()).get()).isEqualTo("worker-1");
    assertThat(pool.alive()).isTrue();
  }

  @Test
  void theLogContextOfTheCallerGoesAlongAndIsLeftBehind() throws Exception {
    MDC.put("request_id", "abc");
    CompletableFuture<Object> inside = pool.submit(waited -> MDC.get("request_id"));
    MDC.remove("request_id");

    assertThat(inside.get()).isEqualTo("abc");
    assertThat(pool.submit(waited -> String.valueOf(MDC.get("request_id"))).get())
        .isEqualTo("null");
  }

  @Test
  void closingFinishesWhatWaitsAndTwiceDoesNoHarm() throws Exception {
    pool.submit(waited -> blocked(""));
    started.await();
    CompletableFuture<String> waiting = pool.submit(waited -> "done");
    release.countDown();
    pool.close();

    assertThat(waiting).isCompletedWithValue("done");
    assertThat(pool.alive()).isFalse();
    pool.close();
  }

  @Test
  void asManyWorkersAsProcessorsUnlessToldOtherwise() {
    WorkerPool byDefault = new WorkerPool(Configs.defaults());
    assertThat(byDefault.workers()).isEqualTo(Runtime.getRuntime().availableProcessors());
    byDefault.close();
  }

  private String blocked(String result) {
    started.countDown();
    try {
      assertThat(release.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return result;
  }
}
