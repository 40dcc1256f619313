package dev.glimpse.workers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.support.Configs;
import dev.glimpse.support.FakeTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jboss.logging.MDC;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Has one worker, two slots in the queue, and a clock that the test advances. */
@Timeout(30)
class WorkerPoolTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final FakeTime time = new FakeTime();
  private final WorkerPool pool = pool(time);

  private final CountDownLatch started = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);

  @AfterEach
  void close() {
    release.countDown();
    pool.close();
  }

  @Test
  void refusesRequestsWhileTheQueueIsFull() throws Exception {
    CompletableFuture<String> running = pool.submit(permit -> blocked("running"));
    started.await();
    CompletableFuture<String> first = pool.submit(permit -> "first");
    CompletableFuture<String> second = pool.submit(permit -> "second");

    assertThat(pool.running()).isEqualTo(1);
    assertThat(pool.waiting()).isEqualTo(2);
    assertThat(pool.taken()).isEqualTo(3);
    assertThat(refusal(MINUTE).failure()).isEqualTo(Failure.OVERLOADED);

    release.countDown();
    assertThat(running.get()).isEqualTo("running");
    assertThat(first.get()).isEqualTo("first");
    assertThat(second.get()).isEqualTo("second");
    assertThat(pool.submit(permit -> "fourth").get()).isEqualTo("fourth");
    assertThat(pool.waiting()).isZero();
    assertThat(pool.taken()).isZero();
    assertThat(time.alarms()).isZero();
  }

  @Test
  void slotIsTakenBeforeTheBodyIsReadAndReleasedOnce() {
    Permit permit = pool.admit(MINUTE);
    assertThat(pool.taken()).isEqualTo(1);

    permit.close();
    permit.clientGone();
    permit.close();

    assertThat(pool.taken()).isZero();
    assertThatThrownBy(() -> pool.submit(permit, p -> "too late"))
        .isInstanceOf(IllegalStateException.class);
    assertThat(pool.taken()).isZero();
  }

  @Test
  void slotIsReleasedIfATaskCannotBeQueued() {
    WorkerPool broken =
        new WorkerPool(
            Configs.of(Map.of()),
            time,
            (nanos, action) -> {
              throw new OutOfMemoryError("in a test");
            });

    assertThatThrownBy(() -> broken.submit(permit -> "").join())
        .hasCauseInstanceOf(OutOfMemoryError.class);

    assertThat(broken.taken()).isZero();
    assertThat(broken.waiting()).isZero();
    broken.close();
  }

  @Test
  void slowBodyGivesItsSlotUpAndTakesAnotherWhenItHasArrived() throws Exception {
    Permit waiting = pool.admit(MINUTE);
    Permit slow = reading();
    time.pass(Duration.ofMillis(249));
    Permit fast = pool.admit(MINUTE);
    assertThat(refusal(MINUTE).failure()).isEqualTo(Failure.OVERLOADED);

    time.pass(Duration.ofMillis(1));
    Permit next = pool.admit(MINUTE);
    assertThat(pool.taken()).isEqualTo(3);
    next.close();
    assertThat(pool.taken()).isEqualTo(2);
    assertThat(pool.submit(slow, permit -> "arrived").get()).isEqualTo("arrived");
    fast.close();
    waiting.close();
    assertThat(pool.taken()).isZero();
  }

  @Test
  void slowBodyKeepsItsSlotWhereAnyRateIsAllowed() {
    WorkerPool patient =
        new WorkerPool(
            Configs.of(
                Map.of(
                    "glimpse.workers.count", "1",
                    "glimpse.queue.size", "0",
                    "glimpse.http.min-rate", "0")),
            time,
            time::after);
    Permit slow = patient.admit(MINUTE);
    slow.bodyArrives();
    time.pass(Duration.ofSeconds(10));

    assertThatThrownBy(() -> patient.admit(MINUTE)).isInstanceOf(ServingException.class);
    assertThat(patient.submit(slow, permit -> "arrived").join()).isEqualTo("arrived");
    slow.close();
    patient.close();
  }

  @Test
  void requestsAreAdmittedWithoutSlotsWhereBodiesThatArriveHoldMostOfThem() throws Exception {
    List<Permit> others = List.of(reading(), waitingForMemory(), waitingForMemory());
    Permit first = pool.admit(MINUTE);
    Permit second = pool.admit(MINUTE);
    assertThat(pool.taken()).isEqualTo(3);

    assertThat(pool.submit(first, permit -> "first").get()).isEqualTo("first");
    assertThat(pool.submit(second, permit -> "second").get()).isEqualTo("second");
    for (Permit other : others) { // which have no slots any more, or have
      assertThat(pool.submit(other, permit -> "third").get()).isEqualTo("third");
    }
    assertThat(pool.taken()).isZero();
    assertThat(pool.reading()).isZero();
  }

  @Test
  void requestAdmittedWithoutASlotHoldsNoneIfItIsNotSubmitted() {
    List<Permit> others = List.of(reading(), reading(), reading());
    Permit without = pool.admit(MINUTE);
    without.bodyArrives();
    without.close();
    without.close();

    assertThat(pool.taken()).isEqualTo(3);
    others.forEach(Permit::close);
    assertThat(pool.taken()).isZero();
    assertThat(pool.reading()).isZero();
  }

  @Test
  void slowBodyThatFindsNoOtherSlotIsRefused() throws Exception {
    Permit slow = reading();
    time.pass(Duration.ofSeconds(1));
    List<Permit> others = List.of(pool.admit(MINUTE), pool.admit(MINUTE), pool.admit(MINUTE));
    AtomicInteger released = new AtomicInteger();
    slow.keep(released::incrementAndGet);

    assertThat(failure(pool.submit(slow, permit -> ""))).isEqualTo(Failure.OVERLOADED);
    assertThat(released).hasValue(1);
    assertThat(pool.taken()).isEqualTo(3);
    others.forEach(Permit::close);
    slow.close();
    slow.clientGone();
    assertThat(pool.taken()).isZero();
    assertThat(released).hasValue(1);
  }

  @Test
  void bodyThatHasArrivedKeepsItsSlot() throws Exception {
    pool.submit(permit -> blocked(""));
    started.await();
    for (int i = 0; i < 2; i++) {
      pool.submit(reading(), permit -> "");
    }
    time.pass(Duration.ofSeconds(1));
    assertThat(refusal(MINUTE).failure()).isEqualTo(Failure.OVERLOADED);
  }

  @Test
  void whatARequestKeepsIsReleasedOnceWithItsLastSlot() throws Exception {
    AtomicInteger released = new AtomicInteger();
    CompletableFuture<Permit> another = new CompletableFuture<>();
    Permit permit = pool.admit(MINUTE);
    permit.keep(released::incrementAndGet);
    Permit next =
        pool.submit(
                permit,
                running -> {
                  another.complete(running.another().orElseThrow());
                  return running.next();
                })
            .get();
    next.close();
    next.close();
    assertThat(released).hasValue(0);

    another.get().close();
    assertThat(released).hasValue(1);
    permit.keep(released::incrementAndGet); // too late
    assertThat(released).hasValue(2);
  }

  @Test
  void whatACancelledRequestKeepsIsReleasedWhenTheWorkerIsDone() throws Exception {
    AtomicInteger released = new AtomicInteger();
    Permit permit = pool.admit(MINUTE);
    permit.keep(released::incrementAndGet);
    CompletableFuture<String> running = pool.submit(permit, p -> blocked(""));
    started.await();
    permit.clientGone();
    assertThat(running).isCompletedExceptionally();
    assertThat(released).hasValue(0);
    release.countDown();
    pool.submit(p -> "next").get();
    assertThat(released).hasValue(1);
  }

  private Permit waitingForMemory() {
    Permit permit = pool.admit(MINUTE);
    permit.bodyWaits();
    return permit;
  }

  private Permit reading() {
    Permit permit = pool.admit(MINUTE);
    permit.bodyArrives();
    return permit;
  }

  @Test
  void permitHoldsTheTimeInTheQueue() throws Exception {
    pool.submit(permit -> blocked(""));
    started.await();
    CompletableFuture<Long> waited = pool.submit(Permit::queueNanos);
    time.pass(Duration.ofSeconds(3));
    release.countDown();

    assertThat(waited.get()).isEqualTo(Duration.ofSeconds(3).toNanos());
  }

  @Test
  void taskThatWaitsTooLongFailsAtOnceAndNeverStarts() throws Exception {
    CompletableFuture<String> running = pool.submit(permit -> blocked("running"));
    started.await();
    AtomicBoolean begun = new AtomicBoolean();
    CompletableFuture<Boolean> waiting =
        pool.submit(pool.admit(MINUTE), permit -> begun.getAndSet(true));

    time.pass(Duration.ofMillis(4999));
    assertThat(waiting).isNotDone();
    time.pass(Duration.ofMillis(1));

    assertThat(failure(waiting)).isEqualTo(Failure.QUEUE_TIMEOUT);
    assertThat(pool.taken()).isEqualTo(1); // its slot is free although the worker is not
    assertThat(pool.waiting()).isZero();
    release.countDown();
    running.get();
    assertThat(pool.submit(permit -> "next").get()).isEqualTo("next");
    assertThat(begun).isFalse();
  }

  @Test
  void waitingTaskFailsAtItsDeadline() throws Exception {
    pool.submit(permit -> blocked(""));
    started.await();
    CompletableFuture<String> waiting =
        pool.submit(pool.admit(Duration.ofMillis(200)), permit -> "never");
    time.pass(Duration.ofMillis(200));

    assertThat(failure(waiting)).isEqualTo(Failure.DEADLINE_PASSED);
    assertThat(pool.taken()).isEqualTo(1);
  }

  @Test
  void runningTaskFailsAtItsDeadlineAndKeepsItsSlotUntilItEnds() throws Exception {
    CompletableFuture<Throwable> noticed = new CompletableFuture<>();
    CompletableFuture<String> running =
        pool.submit(
            pool.admit(Duration.ofSeconds(20)),
            permit -> {
              blocked("");
              noticed.complete(
                  catchThrowableOfType(ServingException.class, permit::throwIfCancelled));
              return "a result that is discarded";
            });
    started.await();
    time.pass(Duration.ofSeconds(20));

    assertThat(failure(running)).isEqualTo(Failure.DEADLINE_PASSED);
    assertThat(pool.taken()).isEqualTo(1);
    release.countDown();
    assertThat(failure(noticed.thenCompose(CompletableFuture::failedFuture)))
        .isEqualTo(Failure.DEADLINE_PASSED);
    assertThat(pool.submit(permit -> "next").get()).isEqualTo("next");
    assertThat(pool.taken()).isZero();
  }

  @Test
  void waitingTaskIsDroppedWhenItsClientDisconnects() throws Exception {
    pool.submit(permit -> blocked(""));
    started.await();
    Permit permit = pool.admit(MINUTE);
    AtomicBoolean begun = new AtomicBoolean();
    CompletableFuture<Boolean> waiting = pool.submit(permit, p -> begun.getAndSet(true));
    permit.clientGone();

    assertThat(failure(waiting)).isEqualTo(Failure.CLIENT_GONE);
    assertThat(pool.taken()).isEqualTo(1);
    release.countDown();
    assertThat(pool.submit(p -> "next").get()).isEqualTo("next");
    assertThat(begun).isFalse();
  }

  @Test
  void runningTaskNoticesADisconnectBetweenTwoSteps() throws Exception {
    Permit permit = pool.admit(MINUTE);
    CompletableFuture<Throwable> noticed = new CompletableFuture<>();
    pool.submit(
        permit,
        p -> {
          blocked("");
          noticed.complete(catchThrowableOfType(ServingException.class, p::throwIfCancelled));
          return "";
        });
    started.await();
    permit.clientGone();
    release.countDown();

    assertThat(failure(noticed.thenCompose(CompletableFuture::failedFuture)))
        .isEqualTo(Failure.CLIENT_GONE);
  }

  @Test
  void timeOfResumedWorkCountsForTheServiceTime() throws Exception {
    pool.submitAsync(
            pool.admit(MINUTE),
            permit ->
                pool.resume(
                    permit,
                    () -> {
                      time.pass(Duration.ofSeconds(4));
                      return CompletableFuture.completedFuture("");
                    }))
        .get();
    pool.submit(permit -> blocked(""));
    started.await();

    assertThat(refusal(Duration.ofSeconds(3)).failure()).isEqualTo(Failure.OVERLOADED);
  }

  @Test
  void requestThatWouldWaitTooLongIsRefusedAtOnce() throws Exception {
    pool.submit(
            pool.admit(MINUTE),
            permit -> {
              time.pass(Duration.ofSeconds(4)); // the service time: four seconds a request
              return "";
            })
        .get();
    pool.submit(permit -> blocked(""));
    started.await();

    // One runs: the next would wait for about four seconds.
    assertThat(refusal(Duration.ofSeconds(3)).failure()).isEqualTo(Failure.OVERLOADED);
    Permit permit = pool.admit(MINUTE);
    // The one after that for eight, and may wait for five.
    ServingException refusal = refusal(MINUTE);
    assertThat(refusal.failure()).isEqualTo(Failure.OVERLOADED);
    assertThat(refusal.retryAfter()).hasValue(8); // until the other two are finished
    assertThat(pool.taken()).isEqualTo(2);
    permit.close();
  }

  /** Of bodies that wait for memory, and of those that have arrived; not of those that arrive. */
  @Test
  void bodiesThatWouldWaitTooLongAreKnownByWhatTheLatestRequestsTook() throws Exception {
    assertThat(pool.takesTooLong(1000)).as("nothing is known yet").isFalse();
    pool.submit(
            pool.admit(MINUTE),
            permit -> {
              time.pass(Duration.ofSeconds(4)); // the service time
              return "";
            })
        .get();

    assertThat(pool.takesTooLong(1)).isFalse();
    assertThat(pool.takesTooLong(2)).isTrue(); // eight seconds; five are allowed
    assertThat(pool.retryAfter(3)).isEqualTo(12);
    Permit permit = pool.admit(MINUTE);
    assertThat(pool.takesTooLong(1)).as("it may arrive at any time").isTrue();
    permit.bodyArrives();
    assertThat(pool.takesTooLong(1)).as("it may never arrive").isFalse();
    permit.close();
  }

  @Test
  void workerSurvivesWhateverATaskThrows() throws Exception {
    CompletableFuture<?> failed =
        pool.submit(permit -> {
          throw new StackOverflowError("as a codec might");
        });

    assertThatThrownBy(failed::get)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(StackOverflowError.class);
    assertThat(pool.submit(permit -> Thread.currentThread().getName()).get()).isEqualTo("worker-1");
    assertThat(pool.alive()).isTrue();
    assertThat(pool.taken()).isZero();
  }

  @Test
  void deadWorkerIsReplacedAndItsTaskCompleted() throws Exception {
    AtomicBoolean fatal = new AtomicBoolean();
    LongSupplier brokenClock =
        () -> {
          if (fatal.compareAndSet(true, false)) {
            throw new OutOfMemoryError("between two tasks, where nothing catches it");
          }
          return 0;
        };
    WorkerPool mortal = pool(brokenClock);
    Thread worker =
        mortal
            .submit(permit -> {
              fatal.set(true);
              return Thread.currentThread();
            })
            .get();
    worker.join();

    assertThat(mortal.alive()).isTrue();
    assertThat(mortal.taken()).isZero();
    assertThat(mortal.running()).isZero();
    assertThat(mortal.submit(permit -> Thread.currentThread()).get()).isNotEqualTo(worker);
    mortal.close();
  }

  @Test
  void hungWorkerIsCounted() throws Exception {
    CompletableFuture<String> hung = pool.submit(permit -> blocked("back"));
    started.await();
    time.pass(Duration.ofSeconds(60));
    assertThat(pool.stuck()).isZero();
    time.pass(Duration.ofMillis(1));
    assertThat(pool.stuck()).isEqualTo(1);

    release.countDown();
    hung.get();
    assertThat(pool.stuck()).isZero();
  }

  @Test
  void taskRunsInTheLogContextOfItsCallerOnly() throws Exception {
    MDC.put("request_id", "abc");
    CompletableFuture<Object> inside = pool.submit(permit -> MDC.get("request_id"));
    MDC.remove("request_id");

    assertThat(inside.get()).isEqualTo("abc");
    assertThat(pool.submit(permit -> String.valueOf(MDC.get("request_id"))).get())
        .isEqualTo("null");
  }

  @Test
  void closingFinishesWaitingTasksAndRefusesNewOnes() throws Exception {
    pool.submit(permit -> blocked(""));
    started.await();
    CompletableFuture<String> waiting = pool.submit(permit -> "done");
    Permit stillReading = pool.admit(MINUTE);
    release.countDown();
    pool.close();

    assertThat(waiting).isCompletedWithValue("done");
    assertThat(pool.alive()).isFalse();
    assertThat(failure(pool.submit(stillReading, permit -> "late"))).isEqualTo(Failure.NOT_READY);
    ServingException refusal = refusal(MINUTE);
    assertThat(refusal.failure()).isEqualTo(Failure.NOT_READY);
    assertThat(refusal.retryAfter()).hasValue(2);
    assertThat(pool.taken()).isZero();
    pool.close();
  }

  @Test
  void hasAsManyWorkersAsProcessorsByDefault() {
    WorkerPool byDefault = new WorkerPool(Configs.defaults());
    assertThat(byDefault.workers()).isEqualTo(Runtime.getRuntime().availableProcessors());
    byDefault.close();
  }

  private static WorkerTask task(Runnable work) {
    return task(work, why -> {});
  }

  private static WorkerTask task(Runnable work, Consumer<ServingException> onAbandon) {
    return new WorkerTask() {
      @Override
      public void run() {
        work.run();
      }

      @Override
      public long age() {
        return 0;
      }

      @Override
      public void abandon(ServingException why) {
        onAbandon.accept(why);
      }
    };
  }

  /** Of four workers, one stays free for requests that may come. */
  @Test
  void spareWorkersAreThoseThatRequestsLeave() throws Exception {
    WorkerPool four =
        new WorkerPool(Configs.of(Map.of("glimpse.workers.count", "4")), time, time::after);
    try {
      assertThat(four.hasSpareWorker()).isTrue();
      List<Permit> permits = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        assertThat(four.hasSpareWorker()).as("%d are taken", i).isTrue();
        permits.add(four.admit(MINUTE));
      }
      assertThat(four.hasSpareWorker()).isFalse();
      permits.get(0).bodyArrives();
      assertThat(four.hasSpareWorker()).as("a body is arriving").isTrue();
      permits.forEach(Permit::close);
    } finally {
      four.close();
    }
  }

  private WorkerPool pool(LongSupplier clock) {
    return new WorkerPool(
        Configs.of(Map.of("glimpse.workers.count", "1", "glimpse.queue.size", "2")),
        clock,
        time::after);
  }

  private ServingException refusal(Duration timeout) {
    return catchThrowableOfType(ServingException.class, () -> pool.admit(timeout));
  }

  /** Returns the kind of failure, or any other exception. */
  private static Object failure(CompletableFuture<?> result) {
    CompletionException e = catchThrowableOfType(CompletionException.class, result::join);
    return e.getCause() instanceof ServingException serving ? serving.failure() : e.getCause();
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

  /** A model whose load ends only then would leave its requests in a batch that never runs. */
  @Test
  void actionThatIsRegisteredWhileThePoolClosesIsRunAtOnce() {
    pool.close();
    AtomicBoolean run = new AtomicBoolean();

    Runnable unused = pool.beforeClose(() -> run.set(true));

    assertThat(run).isTrue();
  }

  /** What the task has started before would otherwise be forgotten, and its model closed. */
  @Test
  void restOfATaskThatFindsNoPlaceInTheQueueFailsAndIsNotThrown() throws Exception {
    AtomicBoolean full = new AtomicBoolean();
    BlockingDeque<Runnable> queue =
        new LinkedBlockingDeque<>() {
          @Override
          public boolean offer(Runnable task) {
            if (full.get()) {
              throw new OutOfMemoryError("in a test");
            }
            return super.offer(task);
          }
        };
    WorkerPool small =
        new WorkerPool(
            Configs.of(Map.of()),
            time,
            time::after,
            count ->
                new WorkerThreads(queue, new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, queue)));
    CompletableFuture<String> rest =
        small.submitAsync(
            small.admit(MINUTE),
            permit -> {
              full.set(true);
              return small
                  .<String>resume(permit, () -> CompletableFuture.completedFuture("never"))
                  .exceptionally(why -> "waited for: " + why.getMessage());
            });

    assertThat(rest.get()).isEqualTo("waited for: in a test");
    small.close();
  }

  /** The task is in the queue already, and would run a second time if its caller heard of it. */
  @Test
  void taskThatIsPutFirstRunsAlthoughADeadWorkerCannotBeReplaced() throws Exception {
    AtomicInteger threads = new AtomicInteger();
    BlockingDeque<Runnable> queue = new LinkedBlockingDeque<>();
    WorkerThreads workers =
        new WorkerThreads(
            queue,
            new ThreadPoolExecutor(
                2,
                2,
                0,
                TimeUnit.SECONDS,
                queue,
                task -> {
                  if (threads.incrementAndGet() > 2) {
                    throw new OutOfMemoryError("no thread, in a test");
                  }
                  Thread thread = new Thread(task);
                  thread.setDaemon(true);
                  thread.setUncaughtExceptionHandler((dead, why) -> {});
                  return thread;
                }));
    workers.runLast(
        task(() -> {
          throw new StackOverflowError("in a test");
        }));
    while (threads.get() < 3) { // one has died, and was not replaced
      Thread.onSpinWait();
    }
    CountDownLatch ran = new CountDownLatch(1);

    assertThatCode(() -> workers.runFirst(task(ran::countDown))).doesNotThrowAnyException();

    assertThat(ran.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(workers.alive()).isFalse();
    workers.close();
  }

  @Test
  void taskThatIsPutFirstWhenTheWorkersHaveStoppedIsAbandoned() {
    pool.close();
    List<Failure> abandoned = new ArrayList<>();

    pool.runFirst(task(() -> {}, why -> abandoned.add(why.failure())));

    assertThat(abandoned).containsExactly(Failure.NOT_READY);
    assertThat(pool.waiting()).isZero();
  }
}
