package dev.glimpse;

import dev.glimpse.cache.Key;
import dev.glimpse.cache.ResultCache;
import dev.glimpse.engine.Runner;
import dev.glimpse.failure.ServingException;
import dev.glimpse.image.ImageDecoder;
import dev.glimpse.image.ImageFormat;
import dev.glimpse.image.Pixels;
import dev.glimpse.metrics.ServingMetrics.Step;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.metrics.Timing;
import dev.glimpse.model.Model;
import dev.glimpse.pipeline.CachedClassification;
import dev.glimpse.pipeline.ClassificationRequest;
import dev.glimpse.pipeline.ClassificationResult;
import dev.glimpse.pipeline.Delivery;
import dev.glimpse.pipeline.IncomingRequest;
import dev.glimpse.pipeline.RequestContext;
import dev.glimpse.pipeline.RequestExecutor;
import dev.glimpse.pipeline.ResultOptions;
import dev.glimpse.pipeline.Scored;
import dev.glimpse.pipeline.Together;
import dev.glimpse.postprocess.Classification;
import dev.glimpse.registry.ModelRegistry;
import dev.glimpse.workers.Permit;
import dev.glimpse.workers.WorkerPool;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * The whole way from a picture to what is in it. Read this first: every room of the service is one
 * step of {@link #answer}, and every door to the service ends here.
 */
@ApplicationScoped
public class Classifier {

  private final WorkerPool workers;
  private final ModelRegistry models;
  private final ImageDecoder decoder;
  private final ResultCache cache;
  private final ServingMetrics metrics;
  private final RequestExecutor reception;
  private final Together together;

  Classifier(
      WorkerPool workers,
      ModelRegistry models,
      ImageDecoder decoder,
      ResultCache cache,
      ServingMetrics metrics) {
    this.workers = workers;
    this.models = models;
    this.decoder = decoder;
    this.cache = cache;
    this.metrics = metrics;
    this.reception = new RequestExecutor(workers, metrics);
    this.together = new Together(decoder);
  }

  /**
   * Takes a place, hears a question, and answers it on a worker as soon as one is free. Returns at
   * once; any thread may call it.
   *
   * @param request its id picks the version where several share a model's traffic
   * @return fails with a {@link ServingException} if the question cannot be answered
   * @throws ServingException OVERLOADED or NOT_READY if there is no place; nothing has been read
   */
  public CompletionStage<ClassificationResult> classify(
      IncomingRequest<ClassificationRequest> request) {
    return reception.receive(request, this::answer);
  }

  /** What decodes JPEGs, for people: "TurboJPEG 2", or "ImageIO". */
  public String jpegDecoder() {
    return decoder.decoderOf(ImageFormat.JPEG);
  }

  /** The steps, on a worker; those of a batch's run may come later, and on another. */
  CompletionStage<ClassificationResult> answer(
      ClassificationRequest question, RequestContext asked, Permit permit, long waited) {
    return models
        .lease(question.model(), question.version(), asked.id())
        .during(model -> answer(question, model, asked, permit, waited));
  }

  /** The same of a model that the caller has leased. */
  CompletionStage<ClassificationResult> answer(
      ClassificationRequest question,
      Model model,
      RequestContext asked,
      Permit permit,
      long waited) {
    asked.of(model);
    if (question.coming().isPresent()) {
      ResultOptions.of(question, model); // nothing is brought for a question that has no answer
      return new Delivery(workers, permit, waited)
          .of(
              question.coming().get(),
              (picture, longer) -> begin(question.of(picture), model, permit, longer));
    }
    return begin(question, model, permit, waited);
  }

  private CompletionStage<ClassificationResult> begin(
      ClassificationRequest question, Model model, Permit permit, long waited) {
    Supplier<CompletionStage<ClassificationResult>> work =
        () -> work(question, model, permit, waited);
    return (cache.isOn() ? recall(question, model, permit, waited, work) : work.get())
        .thenApply(this::recorded);
  }

  private CompletionStage<ClassificationResult> work(
      ClassificationRequest question, Model model, Permit permit, long waited) {
    ResultOptions naming = ResultOptions.of(question, model);
    return score(question.picture(), model, permit, waited)
        .thenApply(scored -> answer(model, naming, scored));
  }

  /** From a picture to the graph's output; of a batch's run it may come later. */
  CompletionStage<Scored> score(byte[] picture, Model model, Permit permit, long waited) {
    if (model.batcher().isPresent()) {
      return together.score(picture, model, model.batcher().get(), permit, waited);
    }
    return CompletableFuture.completedStage(alone(picture, model, permit, waited));
  }

  /** The answer to the same question asked before, or now; or else what the work makes of it. */
  private CompletionStage<ClassificationResult> recall(
      ClassificationRequest question,
      Model model,
      Permit permit,
      long waited,
      Supplier<CompletionStage<ClassificationResult>> work) {
    Key key =
        Key.of(
            question.picture(),
            model.preprocessor(), // each loading of a model makes its own
            ResultOptions.topK(question, model),
            ResultOptions.language(question, model.labels()),
            ResultOptions.activation(question, model).name());
    return new CachedClassification(cache, workers, model, permit, waited).answer(key, work);
  }

  /** The same of a picture that is run alone, at once; it is not counted. */
  public ClassificationResult answer(
      ClassificationRequest question, Model model, Permit permit, long waited) {
    ResultOptions naming = ResultOptions.of(question, model);
    return answer(model, naming, alone(question.picture(), model, permit, waited));
  }

  /** The steps, in their order; runs on the calling thread. */
  private Scored alone(byte[] picture, Model model, Permit permit, long waited) {
    long started = System.nanoTime();
    try (Pixels pixels = decoder.decode(picture, model.preprocessor()::scaleNeeded);
        Runner runner =
            model.session().borrow(model.preprocessor().shape(pixels.width(), pixels.height()))) {
      long decoded = System.nanoTime();
      model.preprocessor().write(pixels, runner.input());
      permit.requireWanted(); // a large picture may have taken all the time there was
      long preprocessed = System.nanoTime();
      float[] scores = runner.run();
      return new Scored(
          scores,
          waited - started,
          waited,
          decoded - started,
          preprocessed - decoded,
          System.nanoTime() - preprocessed);
    }
  }

  private static ClassificationResult answer(Model model, ResultOptions naming, Scored scored) {
    List<Classification> best = naming.best(scored.values());
    return new ClassificationResult(model.name(), model.version(), best, scored.timing(), false);
  }

  private ClassificationResult recorded(ClassificationResult answer) {
    record(answer.model(), answer.version(), answer.timing(), answer.cached());
    return answer;
  }

  void record(String model, int number, Timing timing, boolean cached) {
    String version = Integer.toString(number);
    metrics.took(Step.QUEUE, model, version, timing.queue());
    if (!cached) { // steps that were not taken took no time that counts
      metrics.took(Step.DECODE, model, version, timing.decode());
      metrics.took(Step.PREPROCESS, model, version, timing.preprocess());
      metrics.took(Step.INFERENCE, model, version, timing.inference());
    }
    metrics.took(Step.TOTAL, model, version, timing.total());
  }
}
