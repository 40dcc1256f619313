package dev.glimpse.pipeline;

import static dev.glimpse.support.Polling.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.bytes.Bytes;
import dev.glimpse.cache.Key;
import dev.glimpse.cache.ResultCache;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.metrics.CacheMetrics;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.metrics.Timing;
import dev.glimpse.model.Model;
import dev.glimpse.postprocess.Classification;
import dev.glimpse.postprocess.RankedClasses;
import dev.glimpse.registry.TestRegistry;
import dev.glimpse.support.Configs;
import dev.glimpse.support.Fixtures;
import dev.glimpse.tracing.RequestTrace;
import dev.glimpse.workers.Permit;
import dev.glimpse.workers.WorkerPool;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Has two workers, and work that takes until the test releases it. */
@Timeout(60)
class CachedClassificationTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final RankedClasses DAISY =
      RankedClasses.of(List.of(new Classification("daisy", 0.9f, 0)));

  private static final GlimpseConfig CONFIG =
      Configs.of(
          Map.of(
              "glimpse.models.path", Fixtures.MODELS.toString(),
              "glimpse.workers.count", "2",
              "glimpse.queue.size", "100",
              "glimpse.cache.max-bytes", "1M"));

  private static final TestRegistry REGISTRY =
      new TestRegistry(
          new WorkerPool(CONFIG), new ServingMetrics(new SimpleMeterRegistry()), CONFIG);

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final WorkerPool workers = new WorkerPool(CONFIG);
  private final Model model = REGISTRY.models().require(Optional.of("colors"), Optional.empty());
  private final ResultCache cache = new ResultCache(CONFIG, new CacheMetrics(meters));
  private final Key key = Key.of(Bytes.of(new byte[] {1}), 0, model.session(), 5, "en", "SOFTMAX");

  private final CountDownLatch started = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private final AtomicInteger runs = new AtomicInteger();

  @AfterEach
  void everySlotIsReleased() {
    release.countDown();
    await().until(() -> workers.taken() == 0);
    workers.close();
  }

  @AfterAll
  static void closeTheModels() {
    REGISTRY.close();
  }

  @Test
  void concurrentEqualRequestsRunOnceAndWaitWithoutAWorker() throws Exception {
    CompletableFuture<ClassificationResult> leader = ask(workers.admit(MINUTE));
    started.await();
    List<CompletableFuture<ClassificationResult>> followers = new ArrayList<>();
    for (int i = 0; i < 49; i++) {
      followers.add(ask(workers.admit(MINUTE)));
    }
    awaitJoined(49);
    // Another request is answered meanwhile: the other worker is free.
    assertThat(workers.submit(permit -> "another").get()).isEqualTo("another");
    assertThat(workers.running()).isEqualTo(1);
    assertThat(workers.taken()).as("slots bound the waiting requests").isEqualTo(50);
    assertThat(followers).noneMatch(CompletableFuture::isDone);
    release.countDown();

    assertThat(leader.get().cached()).isFalse();
    for (CompletableFuture<ClassificationResult> follower : followers) {
      assertThat(follower.get().answer()).isEqualTo(DAISY);
      assertThat(follower.get().cached()).isTrue();
      assertThat(follower.get().model()).isEqualTo("colors");
    }
    assertThat(runs).hasValue(1);
  }

  @Test
  void laterEqualRequestGetsTheCachedResult() throws Exception {
    release.countDown();
    ClassificationResult first = ask(workers.admit(MINUTE)).get();
    ClassificationResult second = ask(workers.admit(MINUTE)).get();

    assertThat(first.cached()).isFalse();
    assertThat(second.cached()).isTrue();
    assertThat(second.classifications()).isEqualTo(first.classifications());
    assertThat(second.timing().decode()).isZero();
    assertThat(second.timing().inference()).isZero();
    assertThat(second.timing().total()).isPositive();
    assertThat(runs).hasValue(1);
  }

  @Test
  void waitingRequestTakesOverWhenTheFirstClientDisconnects() throws Exception {
    Permit permit = workers.admit(MINUTE);
    CompletableFuture<ClassificationResult> leader = ask(permit);
    started.await();
    CompletableFuture<ClassificationResult> second = ask(workers.admit(MINUTE));
    CompletableFuture<ClassificationResult> third = ask(workers.admit(MINUTE));
    awaitJoined(2);
    permit.clientGone();
    assertThat(failure(leader)).isEqualTo(Failure.CLIENT_GONE);
    assertThat(second).isNotDone();
    release.countDown();

    assertThat(second.get().answer()).isEqualTo(DAISY);
    assertThat(third.get().answer()).isEqualTo(DAISY);
    assertThat(List.of(second.get().cached(), third.get().cached())).containsOnlyOnce(false);
    assertThat(runs).hasValue(2);
  }

  @Test
  void waitingRequestTakesOverWhenTheFirstPassesItsDeadline() throws Exception {
    CompletableFuture<ClassificationResult> leader = ask(workers.admit(Duration.ofMillis(300)));
    started.await();
    CompletableFuture<ClassificationResult> follower = ask(workers.admit(MINUTE));
    awaitJoined(1);
    assertThat(failure(leader)).isEqualTo(Failure.DEADLINE_PASSED);
    release.countDown();

    assertThat(follower.get().answer()).isEqualTo(DAISY);
    assertThat(follower.get().cached()).isFalse();
  }

  @Test
  void failureOfTheImageIsSharedByWaitingRequestsAndNotCached() throws Exception {
    ServingException unreadable = new ServingException(Failure.UNREADABLE_IMAGE, "corrupt");
    CompletableFuture<ClassificationResult> leader = ask(workers.admit(MINUTE), unreadable);
    started.await();
    CompletableFuture<ClassificationResult> follower = ask(workers.admit(MINUTE), unreadable);
    awaitJoined(1);
    release.countDown();

    assertThat(failure(leader)).isEqualTo(Failure.UNREADABLE_IMAGE);
    assertThat(failure(follower)).isEqualTo(Failure.UNREADABLE_IMAGE);
    assertThat(runs).hasValue(1);
    assertThat(failure(ask(workers.admit(MINUTE), unreadable))).isEqualTo(Failure.UNREADABLE_IMAGE);
    assertThat(runs).hasValue(2);
  }

  @Test
  void waitingRequestHasItsOwnDeadline() throws Exception {
    CompletableFuture<ClassificationResult> leader = ask(workers.admit(MINUTE));
    started.await();
    CompletableFuture<ClassificationResult> follower = ask(workers.admit(Duration.ofMillis(300)));
    awaitJoined(1);

    assertThat(failure(follower)).isEqualTo(Failure.DEADLINE_PASSED);
    assertThat(leader).isNotDone();
    release.countDown();
    assertThat(leader.get().answer()).isEqualTo(DAISY);
    assertThat(runs).hasValue(1);
  }

  @Test
  void waitingRequestFailsWhenItsClientDisconnects() throws Exception {
    CompletableFuture<ClassificationResult> leader = ask(workers.admit(MINUTE));
    started.await();
    Permit permit = workers.admit(MINUTE);
    CompletableFuture<ClassificationResult> follower = ask(permit);
    awaitJoined(1);
    permit.clientGone();

    assertThat(failure(follower)).isEqualTo(Failure.CLIENT_GONE);
    release.countDown();
    assertThat(leader.get().answer()).isEqualTo(DAISY);
  }

  @Test
  void waitingRequestFailsInsteadOfTakingOverWhenTheServiceStops() throws Exception {
    Permit permit = workers.admit(MINUTE);
    ask(permit);
    started.await();
    CompletableFuture<ClassificationResult> follower = ask(workers.admit(MINUTE));
    awaitJoined(1);
    permit.clientGone();
    Thread closing = new Thread(workers::close);
    closing.start();
    await().until(() -> !workers.alive());
    release.countDown();
    closing.join();

    assertThat(failure(follower)).isEqualTo(Failure.NOT_READY);
  }

  private CompletableFuture<ClassificationResult> ask(Permit permit) {
    return ask(permit, null);
  }

  private CompletableFuture<ClassificationResult> ask(
      Permit permit, @Nullable ServingException failure) {
    return workers.submitAsync(
        permit,
        running -> {
          RequestContext context =
              new RequestContext(
                      "id", "/predict", 0, running, workers, RequestTrace.NONE, name -> {})
                  .start();
          context.setModel(model);
          return new CachedClassification(cache, context).result(key, () -> work(running, failure));
        });
  }

  private CompletionStage<ClassificationResult> work(
      Permit permit, @Nullable ServingException failure) {
    runs.incrementAndGet();
    started.countDown();
    try {
      release.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    permit.throwIfCancelled();
    if (failure != null) {
      throw failure;
    }
    return CompletableFuture.completedStage(
        new ClassificationResult("colors", 1, DAISY, new Timing(0, 1, 1, 1, 3), false));
  }

  private void awaitJoined(int requests) {
    Counter joined = meters.counter("glimpse.cache.lookups", "result", "joined");
    await().until(() -> joined.count() >= requests);
  }

  private static Failure failure(CompletableFuture<ClassificationResult> result) {
    try {
      result.join();
    } catch (CompletionException e) {
      return ((ServingException) e.getCause()).failure();
    }
    throw new AssertionError("it has been answered");
  }
}
