package dev.glimpse.pipeline;

import dev.glimpse.cache.Key;
import dev.glimpse.cache.ResultLabels;
import dev.glimpse.cache.SharedResults;
import dev.glimpse.cache.SharedResults.SharedKey;
import dev.glimpse.model.Model;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Gets one request's result from those that instances share, or does the work and shares its
 * result. The worker waits for the lookup: it is bounded by a few milliseconds, and going back to
 * the queue may take longer.
 */
public final class SharedClassification {

  private final SharedResults results;
  private final RequestContext context;

  /**
   * Serves one request.
   *
   * @param context its model must be set
   */
  public SharedClassification(SharedResults results, RequestContext context) {
    this.results = results;
    this.context = context;
  }

  /**
   * Returns the result, from the shared ones or from the work.
   *
   * @param decoder the library that decodes JPEGs
   */
  public CompletionStage<ClassificationResult> result(
      Key key,
      ResultOptions options,
      String decoder,
      Supplier<CompletionStage<ClassificationResult>> work) {
    Model model = context.model();
    Optional<SharedKey> shared =
        results.key(model.name(), model.version(), model.digest(), decoder, key);
    if (shared.isEmpty()) {
      return work.get();
    }
    ResultLabels labels =
        new ResultLabels(
            options.topK(), options.labels(), options.names(), options.groups().groups());
    return results
        .find(shared.get(), labels)
        .<CompletionStage<ClassificationResult>>map(
            known -> CompletableFuture.completedStage(ClassificationResult.cached(known, context)))
        .orElseGet(() ->
            work.get()
                .thenApply(result -> {
                  results.store(shared.get(), result.answer());
                  return result;
                }));
  }
}
