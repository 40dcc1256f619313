package dev.glimpse.pipeline;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.model.ClassificationTask;
import dev.glimpse.model.FeatureGraph;
import dev.glimpse.model.Features;
import dev.glimpse.model.Model;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Waits for the {@link FeatureGraph} of a request's model, without a worker. */
public final class FeatureGraphs {

  private FeatureGraphs() {}

  /**
   * Returns the graph if it is open.
   *
   * @param model leased; of any kind
   */
  public static Optional<FeatureGraph> ifOpen(Model model) {
    return model
        .classificationTask()
        .flatMap(ClassificationTask::features)
        .flatMap(Features::opened);
  }

  /**
   * Works with the graph, at once if it is open.
   *
   * @param context its model is leased
   * @param work called on a worker
   */
  public static <R> CompletionStage<R> open(
      RequestContext context, Function<FeatureGraph, CompletionStage<R>> work) {
    Features features =
        context
            .model()
            .features()
            .orElseThrow(() ->
                new ServingException(Failure.INTERNAL, "The model's graph cannot be read again."));
    CompletableFuture<FeatureGraph> graph = features.open();
    return graph.isDone() && !graph.isCompletedExceptionally()
        ? work.apply(graph.join())
        : context.await(() -> graph, work);
  }
}
