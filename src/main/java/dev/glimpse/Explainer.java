package dev.glimpse;

import dev.glimpse.explain.ActivationMethod;
import dev.glimpse.explain.ClassChoice;
import dev.glimpse.explain.ExplainedImage;
import dev.glimpse.explain.Explanation;
import dev.glimpse.explain.ExplanationRequest;
import dev.glimpse.explain.ExplanationRequests;
import dev.glimpse.explain.HeatMap;
import dev.glimpse.explain.MaskingMethod;
import dev.glimpse.explain.Method;
import dev.glimpse.explain.PreparedImage;
import dev.glimpse.failure.AsyncFailures;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.image.ImageDecoder;
import dev.glimpse.image.ImageFile;
import dev.glimpse.image.Pixels;
import dev.glimpse.memory.RequestMemory;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.metrics.Timing;
import dev.glimpse.model.FeatureGraph;
import dev.glimpse.model.ImageInference;
import dev.glimpse.model.Model;
import dev.glimpse.pipeline.FeatureGraphs;
import dev.glimpse.pipeline.IncomingRequest;
import dev.glimpse.pipeline.RequestContext;
import dev.glimpse.pipeline.RequestExecutor;
import dev.glimpse.pipeline.RequestImages;
import dev.glimpse.pipeline.ResultOptions;
import dev.glimpse.registry.ModelRegistry;
import dev.glimpse.workers.WorkerPool;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Explains scores: says which parts of an image a class's score comes from. Requests take the way
 * of {@link Classifier}'s, without the cache and without batching.
 */
@ApplicationScoped
public class Explainer {

  /** For so long a request runs a graph before others get their turns. */
  private static final Duration TURN = Duration.ofMillis(50);

  /** For so long it keeps a worker while no other request waits, so that none seems stuck. */
  private static final Duration HELD = Duration.ofSeconds(1);

  /** The share of the time that is left in which masks are run; the rest is for the answer. */
  private static final double MASKING = 0.8;

  private final WorkerPool workers;
  private final ServingMetrics metrics;
  private final ModelRegistry models;
  private final ImageDecoder decoder;
  private final RequestExecutor executor;
  private final RequestImages images;
  private final ImageInference inference;

  Explainer(
      WorkerPool workers,
      ModelRegistry models,
      ImageDecoder decoder,
      ServingMetrics metrics,
      RequestMemory memory) {
    this.workers = workers;
    this.metrics = metrics;
    this.models = models;
    this.decoder = decoder;
    this.executor = new RequestExecutor(workers, metrics);
    this.images = new RequestImages(memory);
    this.inference = new ImageInference(decoder, workers.clock());
  }

  /**
   * Admits a request, reads it, and explains a score of its image on a worker. Otherwise as {@link
   * Classifier#classify}.
   *
   * @throws ServingException OVERLOADED or NOT_READY if the request is not admitted; its body has
   *     not been read then
   */
  public CompletionStage<ExplainedImage> explain(IncomingRequest<ExplanationRequest> request) {
    return executor.execute(request, this::withModel);
  }

  /**
   * Explains one image after the other by one model, each in turns of its own; otherwise as {@link
   * #explain}. Fails if one of them does.
   */
  public CompletionStage<List<ExplainedImage>> explainEach(
      IncomingRequest<ExplanationRequests> request) {
    return executor.execute(
        request,
        (requests, context) ->
            models
                .lease(requests.model(), requests.version(), context.id())
                .during(model -> {
                  context.setModel(model);
                  return each(requests.images().iterator(), new ArrayList<>(), context);
                }));
  }

  private CompletionStage<List<ExplainedImage>> each(
      Iterator<ExplanationRequest> requests, List<ExplainedImage> done, RequestContext context) {
    ExplanationRequest next = requests.next();
    return images
        .with(next.image(), context, new Work(next, context)::explain)
        .thenCompose(explained -> {
          done.add(explained);
          return requests.hasNext()
              ? context.resume(() -> each(requests, done, context))
              : CompletableFuture.completedStage(done);
        });
  }

  private CompletionStage<ExplainedImage> withModel(
      ExplanationRequest request, RequestContext context) {
    return models
        .lease(request.image().model(), request.image().version(), context.id())
        .during(model -> {
          context.setModel(model);
          Work work = new Work(request, context); // fails before a download
          return images.with(request.image(), context, work::explain);
        });
  }

  /** Works on one request. */
  private final class Work {

    private final ExplanationRequest request;
    private final RequestContext context;
    private final Model model;
    private final ResultOptions options;
    private final Optional<Integer> asked;

    private Work(ExplanationRequest request, RequestContext context) {
      this.request = request;
      this.context = context;
      this.model = context.model();
      this.options = ResultOptions.of(request.image(), model);
      this.asked = ClassChoice.find(request.ofClass(), model);
    }

    private CompletionStage<ExplainedImage> explain(ImageFile image) {
      return switch (request.method()) {
        case OCCLUSION, RISE ->
            context.inTurn(TURN.toNanos(), () -> byMasks(request.method(), image, prepared(image)));
        case AUTO, CAM ->
            FeatureGraphs.open(
                context,
                graph ->
                    context.inTurn(
                        inference.nanos(model, image), () -> byActivation(image, graph)));
      };
    }

    private PreparedImage prepared(ImageFile image) {
      PreparedImage prepared =
          PreparedImage.of(decoder, model, image, context.permit(), workers.clock());
      context.permit().throwIfCancelled();
      return prepared;
    }

    private CompletionStage<ExplainedImage> byActivation(ImageFile image, FeatureGraph graph) {
      PreparedImage prepared = prepared(image);
      Optional<Explanation> explanation =
          new ActivationMethod(model, options, asked, workers.clock()).explain(graph, prepared);
      if (explanation.isPresent()) {
        return CompletableFuture.completedStage(finish(image, explanation.get()));
      }
      if (request.method() == Method.CAM) {
        throw noActivation();
      }
      return context.inTurn(TURN.toNanos(), () -> byMasks(Method.RISE, image, prepared));
    }

    private ServingException noActivation() {
      return ServingException.invalid(
          "method",
          "must be occlusion, rise or auto for \"%s\", whose graph does not end in global average pooling and a linear layer"
              .formatted(model.name()));
    }

    private CompletionStage<ExplainedImage> byMasks(
        Method method, ImageFile image, PreparedImage prepared) {
      long end = workers.clock().getAsLong() + (long) (MASKING * context.permit().nanosLeft());
      MaskingMethod masking =
          new MaskingMethod(model, options, asked, method, prepared, workers.clock());
      CompletableFuture<ExplainedImage> result = new CompletableFuture<>();
      turn(masking, image, end, result);
      return result;
    }

    /**
     * Runs the graph until all masks are done, in turns, between which other requests have theirs.
     *
     * @param result completed with the answer, now or in a later turn, or with what this throws
     */
    private void turn(
        MaskingMethod masking,
        ImageFile image,
        long end,
        CompletableFuture<ExplainedImage> result) {
      try {
        if (isDone(masking, end)) {
          result.complete(finish(image, masking.explanation()));
          return;
        }
      } catch (RuntimeException | Error e) {
        result.completeExceptionally(e);
        return;
      }
      // No stage waits for the next one: there may be hundreds.
      var unused =
          context
              .inTurn(
                  TURN.toNanos(),
                  () -> {
                    turn(masking, image, end, result);
                    return CompletableFuture.completedStage(null);
                  })
              .whenComplete((done, failure) -> {
                if (failure != null) {
                  busy(failure, masking, image, end, result);
                }
              });
    }

    private boolean isDone(MaskingMethod masking, long end) {
      long begun = workers.clock().getAsLong();
      long now;
      do {
        now = workers.clock().getAsLong();
        if (masking.advance(now + TURN.toNanos()) || (now - end >= 0 && masking.hasMap())) {
          return true;
        }
        context.permit().throwIfCancelled();
      } while (workers.waiting() == 0 && now - begun < HELD.toNanos());
      return false;
    }

    /** Continues where long jobs have no room, or answers with the masks until now. */
    private void busy(
        Throwable failure,
        MaskingMethod masking,
        ImageFile image,
        long end,
        CompletableFuture<ExplainedImage> result) {
      if (!(AsyncFailures.cause(failure) instanceof ServingException known)
          || (known.failure() != Failure.OVERLOADED && known.failure() != Failure.QUEUE_TIMEOUT)) {
        result.completeExceptionally(failure);
        return;
      }
      long soon = masking.hasMap() ? workers.clock().getAsLong() : end;
      var unused =
          context
              .resume(() -> {
                turn(masking, image, soon, result);
                return CompletableFuture.completedStage(null);
              })
              .whenComplete((done, ended) -> {
                if (ended != null) {
                  result.completeExceptionally(ended);
                }
              });
    }

    private ExplainedImage finish(ImageFile image, Explanation explanation) {
      context.permit().throwIfCancelled();
      Optional<byte[]> png =
          request.pngSide().isPresent()
              ? Optional.of(drawn(image, explanation, request.pngSide().getAsInt()))
              : Optional.empty();
      Explanation.Times times = explanation.times();
      Timing timing =
          new Timing(
              context.timer().queueNanos(),
              times.decode(),
              times.preprocess(),
              times.inference(),
              context.timer().totalNanos());
      context.trace().worked(timing, 0);
      metrics.explained(
          explanation.method().word(), model.name(), model.versionName(), timing.total());
      boolean translated = model.labels().languages().size() > 1;
      return new ExplainedImage(
          model.name(),
          model.version(),
          explanation,
          png,
          timing,
          translated ? Optional.of(options.language()) : Optional.empty());
    }

    private byte[] drawn(ImageFile image, Explanation explanation, int side) {
      try (Pixels pixels =
          decoder.decode(
              image, (width, height) -> Math.min(1, (double) side / Math.max(width, height)))) {
        context.permit().throwIfCancelled();
        return new HeatMap(explanation.map(), explanation.view()).over(pixels, side);
      }
    }
  }
}
