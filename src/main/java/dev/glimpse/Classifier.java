package dev.glimpse;

import dev.glimpse.cache.Key;
import dev.glimpse.cache.ResultCache;
import dev.glimpse.cache.SharedResults;
import dev.glimpse.failure.ServingException;
import dev.glimpse.image.ImageDecoder;
import dev.glimpse.image.ImageFile;
import dev.glimpse.memory.RequestMemory;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.metrics.Timing;
import dev.glimpse.model.ImageInference;
import dev.glimpse.model.ImageScores;
import dev.glimpse.model.Model;
import dev.glimpse.pipeline.CachedClassification;
import dev.glimpse.pipeline.ClassificationRequest;
import dev.glimpse.pipeline.ClassificationResult;
import dev.glimpse.pipeline.IncomingRequest;
import dev.glimpse.pipeline.Prediction;
import dev.glimpse.pipeline.PredictionListeners;
import dev.glimpse.pipeline.RequestContext;
import dev.glimpse.pipeline.RequestExecutor;
import dev.glimpse.pipeline.RequestImages;
import dev.glimpse.pipeline.ResultOptions;
import dev.glimpse.pipeline.SharedClassification;
import dev.glimpse.postprocess.RankedClasses;
import dev.glimpse.registry.ModelRegistry;
import dev.glimpse.workers.WorkerPool;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Classifies an image. Read this first: the methods, from top to bottom, are the steps of a
 * request, and every endpoint ends here.
 */
@ApplicationScoped
public class Classifier {

  private final ModelRegistry models;
  private final ImageDecoder decoder;
  private final ResultCache cache;
  private final SharedResults shared;
  private final ServingMetrics metrics;
  private final RequestImages images;
  private final RequestExecutor executor;
  private final ImageInference inference;
  private final PredictionListeners listeners;

  Classifier(
      WorkerPool workers,
      ModelRegistry models,
      ImageDecoder decoder,
      ResultCache cache,
      SharedResults shared,
      ServingMetrics metrics,
      RequestMemory memory,
      PredictionListeners listeners) {
    this.models = models;
    this.decoder = decoder;
    this.cache = cache;
    this.shared = shared;
    this.metrics = metrics;
    this.images = new RequestImages(memory);
    this.executor = new RequestExecutor(workers, metrics);
    this.listeners = listeners;
    this.inference = new ImageInference(decoder, workers.clock(), listeners.needBrightness());
  }

  /**
   * Admits a request, reads it, and classifies its image on a worker. Returns at once; any thread
   * may call it.
   *
   * @param request its id picks the version where several share a model's traffic
   * @return fails with a {@link ServingException} if the image cannot be classified
   * @throws ServingException OVERLOADED or NOT_READY if the request is not admitted; its body has
   *     not been read then
   */
  public CompletionStage<ClassificationResult> classify(
      IncomingRequest<ClassificationRequest> request) {
    return executor.execute(request, this::withModel);
  }

  private CompletionStage<ClassificationResult> withModel(
      ClassificationRequest request, RequestContext context) {
    return models
        .lease(request.model(), request.version(), context.id())
        .during(model -> {
          context.setModel(model);
          return withImage(request, context);
        });
  }

  /** Downloads the image if it is remote; the context's model must be leased. */
  CompletionStage<ClassificationResult> withImage(
      ClassificationRequest request, RequestContext context) {
    // Fails before a download.
    ResultOptions options = ResultOptions.of(request.options(), context.model());
    return images.with(request, context, image -> withCache(image, options, context));
  }

  private CompletionStage<ClassificationResult> withCache(
      ImageFile image, ResultOptions options, RequestContext context) {
    return (cache.isOn() ? cached(image, options, context) : infer(image, options, context))
        .thenApply(result -> {
          if (result.cached()) {
            listeners.publish(() -> Prediction.cached(context, options, result));
          }
          return record(withLanguage(result, options, context.model()));
        });
  }

  /** Looks into this instance's memory first, and then into Redis, if results are shared. */
  private CompletionStage<ClassificationResult> cached(
      ImageFile image, ResultOptions options, RequestContext context) {
    Key key = key(image, options, context.model());
    Supplier<CompletionStage<ClassificationResult>> work = () -> infer(image, options, context);
    return new CachedClassification(cache, context)
        .result(
            key,
            shared.isOn()
                ? () ->
                    new SharedClassification(shared, context)
                        .result(key, options, jpegDecoder(), work)
                : work);
  }

  private static ClassificationResult withLanguage(
      ClassificationResult result, ResultOptions options, Model model) {
    return model.labels().areTranslated() ? result.withLanguage(options.language()) : result;
  }

  /** Two requests with the same key have the same result. */
  private static Key key(ImageFile image, ResultOptions options, Model model) {
    return Key.of(
        image.bytes(),
        image.page(),
        model.preprocessor(), // each load of a model makes its own
        options.topK(),
        options.language(),
        options.key());
  }

  private CompletionStage<ClassificationResult> infer(
      ImageFile image, ResultOptions options, RequestContext context) {
    Model leased = context.model();
    return context
        .inTurn(
            inference.estimateNanos(leased, image),
            () -> inference.run(leased, image, context.permit()))
        .thenApply(output -> {
          float[] scores = options.scores(output.values());
          RankedClasses answer = options.answer(output, scores);
          Model model = context.model();
          Timing timing = context.timer().timing(output);
          context.worked(timing, output.batchQueueNanos());
          listeners.publish(() -> Prediction.of(context, options, answer, scores, output, timing));
          return new ClassificationResult(model.name(), model.version(), answer, timing, false);
        });
  }

  private ClassificationResult record(ClassificationResult result) {
    metrics.took(
        result.model(), Integer.toString(result.version()), result.timing(), result.cached());
    return result;
  }

  /**
   * Classifies an image at once on the calling thread, and discards the result: without admission,
   * batching, cache and metrics.
   *
   * @throws ServingException if the image cannot be read
   */
  public void warmUp(Model model, ClassificationRequest request) {
    ResultOptions options = ResultOptions.of(request.options(), model);
    ImageScores output = inference.runAlone(model, request.image());
    var unused = options.answer(output, options.scores(output.values()));
  }

  /** Returns the name of the library that decodes JPEGs: "TurboJPEG 2", or "ImageIO". */
  public String jpegDecoder() {
    return decoder.decoderOf("JPEG");
  }
}
