package dev.glimpse.pipeline;

import dev.glimpse.failure.ServingException;
import dev.glimpse.workers.AsyncTask;
import dev.glimpse.workers.Permit;
import dev.glimpse.workers.WorkerPool;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The pictures of one request, each of which takes its turn as if it were a request of its own.
 *
 * <p>A request comes in with one place, whatever it holds. When a picture is done, its place goes
 * to the next one, which goes to the end of the queue: so single requests that wait get theirs in
 * between, and a request that was let in gets through. To use all workers it takes more places, one
 * a worker (or one for each picture of a full batch), but only while half of the queue is free: so
 * that it never keeps out those that come with one picture.
 */
public final class BatchFanOut {

  private final WorkerPool workers;
  private final AtomicInteger begun = new AtomicInteger();
  private final AtomicInteger places = new AtomicInteger();
  private final Set<Permit> permits = ConcurrentHashMap.newKeySet();
  private volatile List<AsyncTask<ClassificationResult>> tasks = List.of();
  private volatile List<CompletableFuture<ClassificationResult>> answers = List.of();
  private volatile boolean gone;

  /**
   * Has no pictures yet.
   *
   * @param permit the request's place
   */
  public BatchFanOut(WorkerPool workers, Permit permit) {
    this.workers = workers;
    permits.add(permit);
  }

  /**
   * Begins. To be called once.
   *
   * @param pictures what is to be done for each
   * @param atATime how many places it may take
   * @param permit the request's place, handed on from what has read the request
   * @return in the order of the pictures
   */
  public List<CompletableFuture<ClassificationResult>> start(
      List<AsyncTask<ClassificationResult>> pictures, int atATime, Permit permit) {
    tasks = List.copyOf(pictures);
    answers =
        Stream.generate(CompletableFuture<ClassificationResult>::new).limit(tasks.size()).toList();
    places.incrementAndGet();
    takeTurn(permit);
    while (places.get() < atATime && begun.get() < tasks.size()) {
      Optional<Permit> more = permit.another();
      if (more.isEmpty()) {
        break;
      }
      places.incrementAndGet();
      takeTurn(more.get());
    }
    return answers;
  }

  /** The client has closed its connection: what has not begun is dropped. */
  public void clientGone() {
    gone = true;
    permits.forEach(Permit::clientGone);
  }

  /** The next picture goes to the end of the queue, with this place. */
  private void takeTurn(Permit permit) {
    int number = begun.getAndIncrement();
    if (number >= tasks.size()) {
      permit.close();
      places.decrementAndGet();
      return;
    }
    permits.add(permit);
    if (gone) {
      permit.clientGone();
    }
    AtomicBoolean handedOn = new AtomicBoolean();
    CompletionStage<ClassificationResult> turn =
        workers.submitStaged(
            permit,
            (wanted, waited) ->
                stage(number, wanted, waited)
                    .whenComplete((answer, failure) -> handOn(wanted, handedOn)));
    turn.whenComplete((answer, failure) -> {
      permits.remove(permit);
      if (failure != null && !handedOn.get()) {
        lose(failure);
      }
      end(answers.get(number), answer, failure);
    });
  }

  private CompletionStage<ClassificationResult> stage(int number, Permit permit, long waited) {
    try {
      return tasks.get(number).run(permit, waited);
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedStage(e);
    }
  }

  /** While the task still has the place, as it goes back with the task. */
  private void handOn(Permit permit, AtomicBoolean handedOn) {
    try {
      Permit next = permit.next();
      handedOn.set(true);
      takeTurn(next);
    } catch (ServingException e) {
      handedOn.set(true);
      lose(e);
    }
  }

  /** A place is gone before its time. With the last one, the pictures that have not begun fail. */
  private void lose(Throwable why) {
    if (places.decrementAndGet() > 0) {
      return;
    }
    for (int i = begun.getAndIncrement(); i < tasks.size(); i = begun.getAndIncrement()) {
      answers.get(i).completeExceptionally(why);
    }
  }

  private static void end(
      CompletableFuture<ClassificationResult> result,
      @Nullable ClassificationResult answer,
      @Nullable Throwable failure) {
    if (failure == null) {
      result.complete(answer);
    } else {
      result.completeExceptionally(failure);
    }
  }
}
