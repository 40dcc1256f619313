package dev.glimpse;

import dev.glimpse.explain.ActivationMethod;
import dev.glimpse.explain.ClassChoice;
import dev.glimpse.explain.ExplainedImage;
import dev.glimpse.explain.Explanation;
import dev.glimpse.explain.ExplanationRequest;
import dev.glimpse.explain.ExplanationRequests;
import dev.glimpse.explain.HeatMap;
import dev.glimpse.explain.MaskingMethod;
import dev.glimpse.explain.MaskingTurns;
import dev.glimpse.explain.Method;
import dev.glimpse.explain.PreparedImage;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.image.ImageDecoder;
import dev.glimpse.image.ImageFile;
import dev.glimpse.image.Pixels;
import dev.glimpse.memory.MaskMemory;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Explains scores: shows which parts of an image a class's score comes from. Requests take the same
 * way as in {@link Classifier}, without the cache and without batching.
 */
@ApplicationScoped
public class Explainer {

  /** The share of the remaining time in which masks are run; the rest is for the answer. */
  private static final double MASKING_SHARE = 0.8;

  private final WorkerPool workers;
  private final ServingMetrics metrics;
  private final ModelRegistry models;
  private final ImageDecoder decoder;
  private final RequestExecutor executor;
  private final RequestImages images;
  private final ImageInference inference;
  private final MaskMemory masks;

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
    this.masks = memory.masks();
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
                  return each(requests.images(), new ArrayList<>(), context);
                }));
  }

  private CompletionStage<List<ExplainedImage>> each(
      List<ExplanationRequest> requests, List<ExplainedImage> done, RequestContext context) {
    ExplanationRequest next = requests.get(done.size());
    int left = requests.size() - done.size();
    return images
        .with(next.classification(), context, new Work(next, left, context)::explain)
        .thenCompose(explained -> {
          done.add(explained);
          return left > 1
              ? context.resume(() -> each(requests, done, context))
              : CompletableFuture.completedStage(done);
        });
  }

  private CompletionStage<ExplainedImage> withModel(
      ExplanationRequest request, RequestContext context) {
    return models
        .lease(request.classification().model(), request.classification().version(), context.id())
        .during(model -> {
          context.setModel(model);
          Work work = new Work(request, 1, context); // fails before a download
          return images.with(request.classification(), context, work::explain);
        });
  }

  /** Works on one request. */
  private final class Work {

    private final ExplanationRequest request;
    private final int left;
    private final RequestContext context;
    private final Model model;
    private final ResultOptions options;
    private final Optional<Integer> requestedClass;

    /**
     * Begins with one image of a request.
     *
     * @param left how many images are to be explained in the time that is left, this one included
     */
    private Work(ExplanationRequest request, int left, RequestContext context) {
      this.request = request;
      this.left = left;
      this.context = context;
      this.model = context.model();
      this.options = ResultOptions.of(request.classification().options(), model);
      this.requestedClass = ClassChoice.find(request.ofClass(), model);
    }

    private CompletionStage<ExplainedImage> explain(ImageFile image) {
      return switch (request.method()) {
        case OCCLUSION, RISE -> byMasks(request.method(), image);
        case CAM -> FeatureGraphs.open(context, graph -> byActivation(image, graph));
        case AUTO ->
            FeatureGraphs.openIfPossible(
                context,
                graph ->
                    graph.isPresent()
                        ? byActivation(image, graph.get())
                        : byMasks(Method.RISE, image));
      };
    }

    private PreparedImage prepared(ImageFile image) {
      return PreparedImage.of(decoder, model, image, context.permit(), workers.clock());
    }

    private CompletionStage<ExplainedImage> byActivation(ImageFile image, FeatureGraph graph) {
      if (!ActivationMethod.suits(graph)) {
        return insteadOfActivation(image);
      }
      return context
          .inTurn(
              inference.estimateNanos(model, image),
              () ->
                  CompletableFuture.completedStage(
                      new ActivationMethod(model, options, requestedClass, workers.clock())
                          .explain(graph, prepared(image))
                          .map(explanation -> finish(image, explanation))))
          .thenCompose(explained ->
              explained
                  .map(CompletableFuture::completedStage)
                  .orElseGet(() -> insteadOfActivation(image)));
    }

    private CompletionStage<ExplainedImage> insteadOfActivation(ImageFile image) {
      if (request.method() == Method.CAM) {
        throw ServingException.invalid(
            "method",
            "must be occlusion, rise or auto for \"%s\", whose graph does not end in global average pooling and a linear layer"
                .formatted(model.name()));
      }
      return byMasks(Method.RISE, image);
    }

    private CompletionStage<ExplainedImage> byMasks(Method method, ImageFile image) {
      MaskMemory.Share held = masks.open();
      return new MaskingTurns(
              workers,
              context,
              MASKING_SHARE / left,
              () -> masking(method, image, held),
              explanation -> finish(image, explanation))
          .run(inference.estimateNanos(model, image))
          .whenComplete((explained, failure) -> held.close());
    }

    private MaskingMethod masking(Method method, ImageFile image, MaskMemory.Share held) {
      PreparedImage prepared = prepared(image);
      if (!held.take(MaskingMethod.bytes(model, prepared))) {
        throw new ServingException(
            Failure.OVERLOADED,
            "Other explanations use all the memory there is for masks; try again soon.",
            workers.retryAfter(0));
      }
      return new MaskingMethod(model, options, requestedClass, method, prepared, workers.clock());
    }

    private ExplainedImage finish(ImageFile image, Explanation explanation) {
      context.permit().throwIfCancelled();
      Optional<byte[]> png =
          request.pngSide().isPresent()
              ? Optional.of(drawn(image, explanation, request.pngSide().getAsInt()))
              : Optional.empty();
      Explanation.Times times = explanation.times();
      Timing timing = context.timer().timing(times.decode(), times.preprocess(), times.inference());
      context.worked(timing, 0);
      metrics.explained(
          explanation.method().word(), model.name(), model.versionName(), timing.total());
      return new ExplainedImage(
          model.name(),
          model.version(),
          explanation,
          png,
          timing,
          model.labels().areTranslated() ? Optional.of(options.language()) : Optional.empty());
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
