package dev.glimpse.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.metrics.Timing;
import dev.glimpse.postprocess.RankedClasses;
import dev.glimpse.support.Configs;
import dev.glimpse.workers.AsyncTask;
import dev.glimpse.workers.Permit;
import dev.glimpse.workers.WorkerPool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Has one worker and four places in the queue. */
@Timeout(30)
class BatchFanOutTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final WorkerPool pool =
      new WorkerPool(Configs.of(Map.of("glimpse.workers.count", "1", "glimpse.queue.size", "4")));
  private final List<String> order = Collections.synchronizedList(new ArrayList<>());
  private final CompletableFuture<Void> started = new CompletableFuture<>();
  private final CompletableFuture<Void> release = new CompletableFuture<>();

  private final Permit permit = pool.admit(MINUTE);
  private final BatchFanOut fanOut = new BatchFanOut(pool, permit);

  @AfterEach
  void noSlotIsLost() {
    release.complete(null);
    pool.close();
    assertThat(pool.taken()).isZero();
  }

  @Test
  void singleRequestGetsItsTurnInBetween() {
    List<CompletableFuture<ClassificationResult>> answers = start(3, 1);
    started.join();
    CompletableFuture<?> single = pool.submit(running -> order.add("single"));
    release.complete(null);

    assertThat(answers.stream().map(answer -> answer.join().version())).containsExactly(0, 1, 2);
    single.join();
    assertThat(order).containsExactly("0", "single", "1", "2");
  }

  @Test
  void takesMoreSlotsButLeavesHalfOfTheQueue() {
    List<CompletableFuture<ClassificationResult>> answers = start(20, 10);
    started.join();
    assertThat(pool.taken()).isEqualTo(3); // the worker, and two of the four that may wait
    pool.admit(MINUTE).close();
    release.complete(null);

    assertThat(answers.stream().map(answer -> answer.join().version()))
        .containsExactlyElementsOf(java.util.stream.IntStream.range(0, 20).boxed().toList());
  }

  @Test
  void fullQueueDoesNotStopIt() {
    List<Permit> others = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      others.add(pool.admit(MINUTE));
    }
    List<CompletableFuture<ClassificationResult>> answers = start(3, 3);
    started.join();
    assertThat(pool.taken()).isEqualTo(5);
    release.complete(null);

    assertThat(answers.stream().map(answer -> answer.join().version())).containsExactly(0, 1, 2);
    others.forEach(Permit::close);
  }

  @Test
  void imagesNotStartedAreDroppedWhenTheClientDisconnects() {
    List<CompletableFuture<ClassificationResult>> answers = start(5, 2);
    started.join();
    fanOut.clientGone();
    release.complete(null);

    assertThat(answers).allSatisfy(a -> assertThat(failure(a)).isEqualTo(Failure.CLIENT_GONE));
    assertThat(order).containsExactly("0");
  }

  @Test
  void errorInOneImageFailsThatImageOnly() {
    release.complete(null);
    List<AsyncTask<ClassificationResult>> tasks =
        List.of(
            task(0),
            running -> {
              throw new StackOverflowError("as a codec might");
            },
            task(2));
    List<CompletableFuture<ClassificationResult>> answers = start(tasks, 1);

    assertThat(answers.get(0).join().version()).isZero();
    assertThat(failure(answers.get(1))).isInstanceOf(StackOverflowError.class);
    assertThat(answers.get(2).join().version()).isEqualTo(2);
  }

  private List<CompletableFuture<ClassificationResult>> start(int images, int maxSlots) {
    List<AsyncTask<ClassificationResult>> tasks = new ArrayList<>();
    for (int i = 0; i < images; i++) {
      tasks.add(task(i));
    }
    return start(tasks, maxSlots);
  }

  private List<CompletableFuture<ClassificationResult>> start(
      List<AsyncTask<ClassificationResult>> tasks, int maxSlots) {
    return pool.submit(permit, running -> fanOut.start(tasks, maxSlots, running.next())).join();
  }

  private AsyncTask<ClassificationResult> task(int number) {
    return running -> {
      order.add("" + number);
      started.complete(null);
      release.join();
      return CompletableFuture.completedFuture(
          new ClassificationResult(
              "any", number, RankedClasses.of(List.of()), new Timing(0, 0, 0, 0, 0), false));
    };
  }

  private static Object failure(CompletableFuture<?> result) {
    CompletionException e = catchThrowableOfType(CompletionException.class, result::join);
    return e.getCause() instanceof ServingException serving ? serving.failure() : e.getCause();
  }
}
