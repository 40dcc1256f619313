package dev.glimpse.pipeline;

import dev.glimpse.cache.CacheEntry;
import dev.glimpse.cache.Key;
import dev.glimpse.cache.ResultCache;
import dev.glimpse.failure.AsyncFailures;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Gets one request's result from the cache, or waits, without a worker, for an equal request that
 * is working on it. A waiting request has a deadline and a client of its own; it does the work
 * itself if the other request had to give up.
 */
public final class CachedClassification {

  private final ResultCache cache;
  private final RequestContext context;

  /**
   * Serves one request.
   *
   * @param context its model must be set
   */
  public CachedClassification(ResultCache cache, RequestContext context) {
    this.cache = cache;
    this.context = context;
  }

  /**
   * Returns the result, from the cache or from the work.
   *
   * @param work called on the calling thread or, after another request has given up, on a worker;
   *     not called if the result comes from the cache
   */
  public CompletionStage<ClassificationResult> result(
      Key key, Supplier<CompletionStage<ClassificationResult>> work) {
    CacheEntry entry = cache.find(key);
    if (entry.isNew()) {
      return AsyncFailures.start(work)
          .whenComplete(
              (result, failure) -> entry.settle(failure == null ? result.answer() : null, failure));
    }
    return entry
        .result()
        .handle((answer, failure) -> {
          if (failure == null) {
            return CompletableFuture.completedStage(ClassificationResult.cached(answer, context));
          }
          return concernsOnlyTheOtherRequest(failure)
              ? context.resume(() -> result(key, work))
              : CompletableFuture.<ClassificationResult>failedStage(failure);
        })
        .thenCompose(Function.identity());
  }

  /**
   * Returns whether the other request was cancelled or rejected, which says nothing about the
   * image.
   */
  private static boolean concernsOnlyTheOtherRequest(Throwable failure) {
    Throwable cause = AsyncFailures.cause(failure);
    return cause instanceof ServingException known
        && (known.failure() == Failure.CLIENT_GONE || known.failure().retryable());
  }
}
