package dev.glimpse.pipeline;

import dev.glimpse.cache.CacheEntry;
import dev.glimpse.cache.Key;
import dev.glimpse.cache.ResultCache;
import dev.glimpse.failure.AsyncFailures;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.metrics.Timing;
import dev.glimpse.model.Model;
import dev.glimpse.postprocess.Classification;
import dev.glimpse.workers.Permit;
import dev.glimpse.workers.WorkerPool;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One request's way past the work: what has been answered before is answered at once, and what is
 * being answered just now is waited for, without a worker. Who waits has a deadline and a client of
 * its own, and goes on by itself if the one that did the work had to give up.
 */
public final class CachedClassification {

  private final ResultCache cache;
  private final WorkerPool workers;
  private final Model model;
  private final Permit permit;
  private final long waited;
  private final long started = System.nanoTime();

  public CachedClassification(
      ResultCache cache, WorkerPool workers, Model model, Permit permit, long waited) {
    this.cache = cache;
    this.workers = workers;
    this.model = model;
    this.permit = permit;
    this.waited = waited;
  }

  /**
   * The answer, from wherever it comes.
   *
   * @param work works it out, on the thread that calls it; called if nobody else does so
   */
  public CompletionStage<ClassificationResult> answer(
      Key key, Supplier<CompletionStage<ClassificationResult>> work) {
    CacheEntry slot = cache.find(key);
    if (slot.ours()) {
      return begin(work)
          .whenComplete((answer, failure) ->
              slot.settle(failure == null ? answer.classifications() : null, failure));
    }
    return slot.answer()
        .handle((classifications, failure) -> {
          if (failure == null) {
            return CompletableFuture.completedStage(recalled(classifications));
          }
          return saysNothingOfThePicture(failure)
              ? workers.resume(permit, () -> answer(key, work))
              : CompletableFuture.<ClassificationResult>failedStage(failure);
        })
        .thenCompose(Function.identity());
  }

  private static CompletionStage<ClassificationResult> begin(
      Supplier<CompletionStage<ClassificationResult>> work) {
    try {
      return work.get();
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedStage(e);
    }
  }

  private ClassificationResult recalled(List<Classification> classifications) {
    Timing timing = new Timing(waited, 0, 0, 0, waited + System.nanoTime() - started);
    return new ClassificationResult(model.name(), model.version(), classifications, timing, true);
  }

  /** The other's client has gone, or its time was over: another may fare better. */
  private static boolean saysNothingOfThePicture(Throwable failure) {
    Throwable cause = AsyncFailures.cause(failure);
    return cause instanceof ServingException refused
        && (refused.failure() == Failure.CLIENT_GONE || refused.failure().retryable());
  }
}
