package dev.glimpse.explain;

import dev.glimpse.failure.AsyncFailures;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.pipeline.RequestContext;
import dev.glimpse.workers.WorkerPool;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs a graph with masks for one image, in turns, between which other requests have theirs. Where
 * another turn is refused, the answer is the map of the masks until then.
 */
public final class MaskingTurns {

  /** For so long a request runs a graph before others get their turns. */
  private static final Duration TURN = Duration.ofMillis(50);

  /** For so long it keeps a worker while no other request waits, so that none seems stuck. */
  private static final Duration HELD = Duration.ofSeconds(1);

  private final WorkerPool workers;
  private final RequestContext context;
  private final double share;
  private final Supplier<MaskingMethod> start;
  private final Function<Explanation, ExplainedImage> finish;
  private final CompletableFuture<ExplainedImage> result = new CompletableFuture<>();

  /** Set in the first turn, and later used by one thread at a time. */
  private volatile @Nullable MaskingMethod masking;

  private long end;

  /**
   * Runs nothing yet.
   *
   * @param share of the request's time that is left, in which masks are run, 0 to 1
   * @param start prepares the image, on a worker
   * @param finish makes the answer, on a worker
   */
  public MaskingTurns(
      WorkerPool workers,
      RequestContext context,
      double share,
      Supplier<MaskingMethod> start,
      Function<Explanation, ExplainedImage> finish) {
    this.workers = workers;
    this.context = context;
    this.share = share;
    this.start = start;
    this.finish = finish;
  }

  /**
   * Takes turns until all masks are done, the time is over, or no more turns are to be had.
   *
   * @param nanos how long the preparation takes a worker, about
   * @return fails with OVERLOADED or QUEUE_TIMEOUT if another turn is refused before there is a map
   */
  public CompletionStage<ExplainedImage> run(long nanos) {
    takeTurn(Math.max(nanos, TURN.toNanos()));
    return result;
  }

  /** Takes a turn when the one before has left its worker, so that it is not behind itself. */
  private void takeTurn(long nanos) {
    try {
      // No stage waits for the next one: there may be hundreds.
      var unused =
          context
              .takeTurn(nanos, () -> CompletableFuture.completedStage(work()))
              .whenComplete((answer, failure) -> {
                if (failure == null) {
                  next(answer);
                } else {
                  stop(AsyncFailures.cause(failure));
                }
              });
    } catch (RuntimeException | Error e) { // such as OutOfMemoryError
      result.completeExceptionally(e);
    }
  }

  private void next(Optional<ExplainedImage> answer) {
    if (answer.isPresent()) {
      result.complete(answer.get());
    } else {
      takeTurn(TURN.toNanos());
    }
  }

  /** Runs masks for one turn; returns the answer when it is time for it. */
  private Optional<ExplainedImage> work() {
    MaskingMethod method = masking;
    if (method == null) {
      end = workers.clock().getAsLong() + (long) (share * context.permit().nanosLeft());
      method = start.get();
      masking = method;
    }
    return isDone(method) ? Optional.of(finish.apply(method.explanation())) : Optional.empty();
  }

  private boolean isDone(MaskingMethod method) {
    long begun = workers.clock().getAsLong();
    long now;
    do {
      now = workers.clock().getAsLong();
      if (method.advance(now + TURN.toNanos()) || (now - end >= 0 && method.hasMap())) {
        return true;
      }
      context.permit().throwIfCancelled();
    } while (workers.waiting() == 0 && now - begun < HELD.toNanos());
    return false;
  }

  private void stop(Throwable failure) {
    MaskingMethod method = masking;
    if (method == null || !method.hasMap() || !isBusy(failure)) {
      result.completeExceptionally(failure);
      return;
    }
    var unused =
        context
            .resume(() -> CompletableFuture.completedStage(finish.apply(method.explanation())))
            .whenComplete((answer, ended) -> {
              if (ended == null) {
                result.complete(answer);
              } else {
                result.completeExceptionally(AsyncFailures.cause(ended));
              }
            });
  }

  private static boolean isBusy(Throwable failure) {
    return failure instanceof ServingException known
        && (known.failure() == Failure.OVERLOADED || known.failure() == Failure.QUEUE_TIMEOUT);
  }
}
