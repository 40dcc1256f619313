package dev.glimpse.results;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.metrics.ResultMetrics;
import dev.glimpse.support.FakeTime;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Two images at a time, bodies of 90 bytes at a time, three jobs, 100 bytes and a time to live of a
 * minute.
 */
class JobQueueTest {

  private static final Duration TTL = Duration.ofMinutes(1);

  private final FakeTime time = new FakeTime();
  private final FakeWork work = new FakeWork();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private boolean free = true;
  private boolean broken;
  private final BrokenSpool spool = new BrokenSpool();
  private final JobQueue queue =
      new JobQueue(
          new LocalStore(spool, TTL, 3, 100, () -> time.getAsLong() / 1_000_000),
          work,
          this::isFree,
          new JobRunner.Limits(2, 90, 50),
          new FakeThread(time),
          new ResultMetrics(meters),
          Optional.empty());

  @BeforeEach
  void start() {
    queue.start();
  }

  private boolean isFree() {
    if (broken) {
      throw new OutOfMemoryError("of a test");
    }
    return free;
  }

  private <T> T now(CompletionStage<T> stage) {
    time.pass(Duration.ofMillis(1));
    return stage.toCompletableFuture().join();
  }

  private Job add(String body, int images) {
    return add("anna", body, images);
  }

  private Job add(String owner, String body, int images) {
    Job job = Jobs.of(owner, images);
    now(queue.add(job, body.getBytes(UTF_8)));
    time.pass(Duration.ZERO);
    return job;
  }

  private Optional<JobState> find(Job job) {
    return now(queue.find(job.id(), any -> true));
  }

  private void succeed(int started) {
    work.started.get(started).succeed();
    time.pass(Duration.ZERO);
  }

  @Test
  void imagesAreWorkedOnInOrderAndTheResultIsFound() {
    Job first = add("a", 3);
    Job second = add("b", 1);
    assertThat(work.started).hasSize(2);
    assertThat(find(first).orElseThrow().answered()).isZero();

    succeed(1);
    succeed(0);
    assertThat(find(first).orElseThrow().answered()).isEqualTo(2);
    assertThat(find(first).orElseThrow().answer()).isEmpty();
    assertThat(meters.get("glimpse.results.pending").gauge().value()).isEqualTo(2);

    succeed(2);
    succeed(3);
    assertThat(find(first).flatMap(JobState::answer).map(Jobs::text)).contains("a0,a1,a2");
    assertThat(find(second).flatMap(JobState::answer).map(Jobs::text)).contains("b0");
    assertThat(work.started).hasSize(4);
    assertThat(meters.get("glimpse.results.accepted").counter().count()).isEqualTo(2);
    assertThat(meters.get("glimpse.results.finished").tag("outcome", "done").counter().count())
        .isEqualTo(2);
    assertThat(meters.get("glimpse.results.pending").gauge().value()).isZero();
  }

  private List<String> started() {
    return work.started.stream().map(one -> one.body().substring(0, 1) + one.image()).toList();
  }

  /** One with many images does not hold up the others. */
  @Test
  void ownersTakeTurns() {
    add("anna", "a", 6);
    add("berta", "b", 3);
    add("clara", "c", 1);
    for (int i = 0; i < 10; i++) {
      succeed(i);
    }
    assertThat(started())
        .containsExactly("a0", "a1", "b0", "c0", "a2", "b1", "a3", "b2", "a4", "a5");
  }

  @Test
  void jobsOfOneOwnerAreWorkedOnInOrder() {
    add("anna", "a", 2);
    add("berta", "b", 2);
    add("anna", "c", 2);
    for (int i = 0; i < 6; i++) {
      succeed(i);
    }
    assertThat(started()).containsExactly("a0", "a1", "b0", "c0", "b1", "c1");
  }

  @Test
  void nothingIsStartedWhileRequestsNeedTheWorkers() {
    free = false;
    Job job = add("a", 1);
    time.pass(Duration.ofMinutes(10));
    assertThat(work.started).isEmpty();
    assertThat(find(job)).as("pending jobs have no time to live").isPresent();

    free = true;
    time.pass(JobRunner.POLL);
    assertThat(work.started).hasSize(1);
  }

  @Test
  void anImageThatIsNotAdmittedIsTriedAgain() {
    Job job = add("a", 1);
    work.started.get(0).answer().completeExceptionally(new IllegalStateException("overloaded"));
    time.pass(Duration.ZERO);
    assertThat(work.started).hasSize(1);

    time.pass(JobRunner.PAUSE);
    succeed(1);
    assertThat(find(job).flatMap(JobState::answer).map(Jobs::text)).contains("a0");
  }

  @Test
  void aJobThatCannotBeOpenedIsFinishedWithAProblem() {
    Job job = add("malformed", 1);

    assertThat(find(job).flatMap(JobState::answer).map(StoredResponse::status)).contains(400);
    assertThat(meters.get("glimpse.results.finished").tag("outcome", "failed").counter().count())
        .isEqualTo(1);
  }

  @Test
  void aDeletedJobIsNotWorkedOnAnyMore() {
    Job job = add("a", 4);
    assertThat(now(queue.delete(job.id(), any -> true))).isTrue();
    succeed(0);
    succeed(1);

    assertThat(work.started).hasSize(2);
    assertThat(find(job)).isEmpty();
    assertThat(now(queue.delete(job.id(), any -> true))).isFalse();
  }

  @Test
  void resultsAreForgottenAfterTheirTimeToLive() {
    Job job = add("a", 1);
    succeed(0);
    time.pass(TTL.minusSeconds(1));
    assertThat(find(job)).isPresent();
    time.pass(Duration.ofSeconds(2));
    assertThat(find(job)).isEmpty();
  }

  @Test
  void othersFindAndDeleteNothing() {
    Job job = add("a", 1);

    assertThat(now(queue.find(job.id(), known -> known.owner().equals("berta")))).isEmpty();
    assertThat(now(queue.delete(job.id(), known -> known.owner().equals("berta")))).isFalse();
    assertThat(now(queue.find("../" + job.id(), any -> true))).isEmpty();
    assertThat(find(job)).isPresent();

    succeed(0);
    assertThat(find(job).flatMap(JobState::answer)).as("it is worked on all the same").isPresent();
  }

  @Test
  void jobsAreBoundedInNumberAndBytes() {
    add("a", 1);
    add("b".repeat(99), 1);
    assertRefused("c");
    succeed(0);
    succeed(1);
    add("c".repeat(96), 1); // in place of the body of 99 bytes, whose result has two
    assertRefused("");
    assertThat(meters.get("glimpse.results.accepted").counter().count()).isEqualTo(3);
  }

  private void assertRefused(String body) {
    assertThatThrownBy(() -> add(body, 1))
        .cause()
        .isInstanceOfSatisfying(
            ServingException.class,
            refused -> assertThat(refused.failure()).isEqualTo(Failure.OVERLOADED));
  }

  @Test
  void errorsNeitherEndTheQueueNorKeepAJobPending() {
    Job[] jobs = {add("no memory to open", 1), add("no memory to start", 1)};
    Job whole = add("no memory for the whole", 1);
    succeed(0);
    for (Job job : List.of(jobs[0], jobs[1], whole)) {
      assertThat(find(job).flatMap(JobState::answer).map(Jobs::text)).contains("no memory");
    }

    time.pass(TTL.plusSeconds(1));
    free = false;
    add("a", 1);
    broken = true;
    time.pass(JobQueue.TICK.multipliedBy(3));
    broken = false;
    free = true;
    time.pass(JobQueue.TICK);
    assertThat(work.started).as("it goes on").hasSize(2);
  }

  @Test
  void aJobThatCannotBeReadHoldsUpNoOther() {
    free = false;
    Job unreadable = add("a", 1);
    spool.fails = true;
    free = true;
    time.pass(JobRunner.POLL);
    spool.fails = false;
    Job next = add("b", 1);
    succeed(0);

    assertThat(find(unreadable).flatMap(JobState::answer).map(StoredResponse::status))
        .contains(400);
    assertThat(find(next).flatMap(JobState::answer).map(Jobs::text)).contains("b0");
  }

  @Test
  void aResultThatCannotBeDeletedIsNotFoundAndDisturbsNothing() {
    Job job = add("a", 1);
    succeed(0);
    spool.fails = true;
    time.pass(TTL.plusSeconds(1));
    assertThat(find(job)).isEmpty();
    spool.fails = false;

    Job next = add("b", 1);
    succeed(1);
    assertThat(find(next)).isPresent();
    time.pass(JobQueue.TICK);
    assertThat(spool.removed).containsExactly(job.id());
  }

  /**
   * They are in memory: no further job makes more of them, and a full disk is not written often.
   */
  @Test
  void resultsThatCannotBeKeptAreTriedAgainSeldom() {
    Job first = add("a", 1);
    Job second = add("b", 1);
    spool.full = true;
    succeed(0);
    succeed(1);
    Job third = add("c", 1);
    for (int i = 0; i < 60; i++) {
      time.pass(JobQueue.TICK);
    }
    assertThat(spool.refused).isBetween(5, 12);
    assertThat(work.started).hasSize(2);

    spool.full = false;
    time.pass(JobFinisher.LAST_PAUSE.plus(JobQueue.TICK));
    assertThat(find(first).flatMap(JobState::answer).map(Jobs::text)).contains("a0");
    assertThat(find(second).flatMap(JobState::answer).map(Jobs::text)).contains("b0");
    assertThat(work.started).hasSize(3);
    succeed(2);
    assertThat(find(third).flatMap(JobState::answer).map(Jobs::text)).contains("c0");
  }

  @Test
  void whatIsAskedOfAClosedQueueIsRefused() {
    ResultsThread thread = ResultsThread.start();
    JobQueue closed =
        new JobQueue(
            new LocalStore(spool, TTL, 3, 100, time),
            work,
            () -> true,
            new JobRunner.Limits(2, 90, 50),
            thread,
            new ResultMetrics(new SimpleMeterRegistry()),
            Optional.empty());
    closed.close();

    assertThatThrownBy(
            () -> closed.find(JobIds.next(), any -> true).toCompletableFuture().get(10, SECONDS))
        .cause()
        .isInstanceOfSatisfying(
            ServingException.class,
            refused -> assertThat(refused.failure()).isEqualTo(Failure.NOT_READY));
  }

  @Test
  void theStoreIsClosedThoughImagesDoNotEnd() throws Exception {
    ResultsThread thread = ResultsThread.start();
    JobQueue stuck =
        new JobQueue(
            new LocalStore(spool, TTL, 3, 100, time),
            work,
            () -> true,
            new JobRunner.Limits(2, 90, 50),
            thread,
            new ResultMetrics(new SimpleMeterRegistry()),
            Optional.empty());
    stuck.start();
    var unused = stuck.add(Jobs.of("anna", 1), new byte[1]).toCompletableFuture().get(10, SECONDS);
    await().until(() -> !work.started.isEmpty());
    stuck.close(Duration.ofMillis(50));
    assertThat(spool.closed).isTrue();
  }

  @Test
  void aJobWhoseResultIsTooLargeIsFinishedWithAProblem() {
    Job job = add("a", 4);
    work.started.get(0).answer().complete(Jobs.answer("x".repeat(30)));
    work.started.get(1).answer().complete(Jobs.answer("x".repeat(30)));
    time.pass(Duration.ZERO);

    assertThat(find(job).flatMap(JobState::answer).map(StoredResponse::status)).contains(400);
    assertThat(find(job).flatMap(JobState::answer).map(Jobs::text).orElseThrow())
        .contains("more than 50 bytes");
    time.pass(JobQueue.TICK);
    assertThat(work.started).as("no other image is worked on").hasSizeLessThan(4);
  }

  @Test
  void stoppedItStartsNothing() {
    add("a", 4);
    queue.stop();
    time.pass(Duration.ZERO);
    succeed(0);
    succeed(1);
    time.pass(Duration.ofMinutes(1));

    assertThat(work.started).hasSize(2);
  }
}
