package dev.glimpse.pipeline;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.model.ClassificationTask;
import dev.glimpse.model.FeatureGraph;
import dev.glimpse.model.LazyFeatureGraph;
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
        .flatMap(ClassificationTask::featureGraph)
        .flatMap(LazyFeatureGraph::opened);
  }

  /**
   * Works with the graph, at once if it is open.
   *
   * @param context its model is leased
   * @param work called on a worker
   */
  public static <R> CompletionStage<R> open(
      RequestContext context, Function<FeatureGraph, CompletionStage<R>> work) {
    return when(opening(context), context, work);
  }

  /**
   * Works with the graph, or without it if it cannot be opened; otherwise as {@link #open}.
   *
   * @param work called on a worker; empty: there is no graph
   */
  public static <R> CompletionStage<R> openIfPossible(
      RequestContext context, Function<Optional<FeatureGraph>, CompletionStage<R>> work) {
    return when(
        opening(context).thenApply(Optional::of).exceptionally(failure -> Optional.empty()),
        context,
        work);
  }

  private static CompletableFuture<FeatureGraph> opening(RequestContext context) {
    return context
        .model()
        .featureGraph()
        .map(LazyFeatureGraph::open)
        .orElseGet(() ->
            CompletableFuture.failedFuture(
                new ServingException(Failure.INTERNAL, "The model's graph cannot be read again.")));
  }

  private static <G, R> CompletionStage<R> when(
      CompletableFuture<G> graph, RequestContext context, Function<G, CompletionStage<R>> work) {
    return graph.isDone() && !graph.isCompletedExceptionally()
        ? work.apply(graph.join())
        : context.await(() -> graph, work);
  }
}
