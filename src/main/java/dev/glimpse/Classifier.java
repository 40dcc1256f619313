package dev.glimpse;

import dev.glimpse.batch.Permit;
import dev.glimpse.batch.WorkerPool;
import dev.glimpse.cache.Key;
import dev.glimpse.cache.ResultCache;
import dev.glimpse.engine.Runner;
import dev.glimpse.failure.ServingException;
import dev.glimpse.image.ImageDecoder;
import dev.glimpse.image.ImageFormat;
import dev.glimpse.image.Pixels;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.metrics.ServingMetrics.Step;
import dev.glimpse.model.Model;
import dev.glimpse.model.ModelRegistry;
import dev.glimpse.postprocess.Classification;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
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
    this.together = new Together(decoder);
  }

  /**
   * What somebody wants to know.
   *
   * @param picture an image file's bytes
   * @param model which model to ask; empty: the default
   * @param version which version of it; empty: the highest
   * @param topK how many classes to name, 1 to the model's number of classes; empty: five, or all
   *     if there are fewer
   * @param language in what language, one that the model has; empty: the first of {@code languages}
   *     that it has, or else its own
   * @param languages what the asker reads, best first
   */
  @SuppressWarnings("ArrayRecordComponent") // megabytes that are never compared
  public record Question(
      byte[] picture,
      Optional<String> model,
      Optional<Integer> version,
      Optional<Integer> topK,
      Optional<String> language,
      List<Locale.LanguageRange> languages) {

    /** The same of another picture. */
    Question of(byte[] other) {
      return new Question(other, model, version, topK, language, languages);
    }
  }

  /**
   * What is in the picture.
   *
   * @param model the model that says so
   * @param version its version
   * @param classifications best first
   * @param timing how long each step took
   * @param cached whether the picture was looked at for another request, and not for this one
   */
  public record Answer(
      String model,
      int version,
      List<Classification> classifications,
      Timing timing,
      boolean cached) {}

  /**
   * How long each step took, in nanoseconds; {@code total} holds the others and what is between.
   * Where pictures are run together, {@code queue} holds the wait for the others too, and {@code
   * inference} is the whole batch's.
   */
  public record Timing(long queue, long decode, long preprocess, long inference, long total) {}

  /**
   * Takes a place, hears a question, and answers it on a worker as soon as one is free. Returns at
   * once; any thread may call it.
   *
   * @param patience how long the request may take from now on, altogether
   * @param asking begins to read the question, and is called only if there is a place. What it
   *     supplies in the end is called on the worker, because taking a body apart is work too; what
   *     either throws is what the caller gets
   * @return fails with a {@link ServingException} if the question cannot be answered
   * @throws ServingException OVERLOADED or NOT_READY if there is no place; nothing has been read
   */
  public CompletionStage<Answer> classify(
      Duration patience, Function<Permit, CompletionStage<Supplier<Question>>> asking) {
    Asked asked = new Asked(metrics);
    Permit permit;
    try {
      permit = workers.admit(patience);
    } catch (ServingException e) {
      asked.ended(e);
      throw e;
    }
    return read(asking, permit)
        .thenCompose(question ->
            workers.submitStaged(
                permit, (wanted, waited) -> answer(question.get(), asked, wanted, waited)))
        .whenComplete((answer, failure) -> {
          permit.close();
          asked.ended(failure);
        });
  }

  /** What decodes JPEGs, for people: "TurboJPEG 2", or "ImageIO". */
  public String jpegDecoder() {
    return decoder.decoderOf(ImageFormat.JPEG);
  }

  static <T> CompletionStage<T> read(Function<Permit, CompletionStage<T>> asking, Permit permit) {
    try {
      return asking.apply(permit);
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedStage(e);
    }
  }

  /** The steps, on a worker; those of a batch's run may come later, and on another. */
  CompletionStage<Answer> answer(Question question, Asked asked, Permit permit, long waited) {
    Model model = models.require(question.model(), question.version());
    asked.of(model.name());
    Supplier<CompletionStage<Answer>> work = () -> work(question, model, permit, waited);
    return (cache.isOn() ? recall(question, model, permit, waited, work) : work.get())
        .thenApply(this::recorded);
  }

  private CompletionStage<Answer> work(Question question, Model model, Permit permit, long waited) {
    if (model.batcher().isPresent()) {
      return together.answer(question, model, model.batcher().get(), permit, waited);
    }
    return CompletableFuture.completedStage(answer(question, model, permit, waited));
  }

  /** The answer to the same question asked before, or now; or else what the work makes of it. */
  private CompletionStage<Answer> recall(
      Question question,
      Model model,
      Permit permit,
      long waited,
      Supplier<CompletionStage<Answer>> work) {
    Key key =
        Key.of(
            question.picture(),
            model.session(), // each loading of a model opens its own
            Naming.topK(question, model),
            Naming.language(question, model.labels()));
    return new Recall(cache, workers, model, permit, waited).answer(key, work);
  }

  /** The steps, in their order; runs on the calling thread and is not counted. */
  Answer answer(Question question, Model model, Permit permit, long waited) {
    Naming naming = Naming.of(question, model);
    long started = System.nanoTime();
    try (Pixels pixels = decoder.decode(question.picture(), model.preprocessor()::scaleNeeded);
        Runner runner =
            model.session().borrow(model.preprocessor().shape(pixels.width(), pixels.height()))) {
      long decoded = System.nanoTime();
      model.preprocessor().write(pixels, runner.input());
      permit.requireWanted(); // a large picture may have taken all the time there was
      long preprocessed = System.nanoTime();
      float[] scores = runner.run();
      long inferred = System.nanoTime();
      List<Classification> classifications = naming.best(scores);

      Timing timing =
          new Timing(
              waited,
              decoded - started,
              preprocessed - decoded,
              inferred - preprocessed,
              waited + System.nanoTime() - started);
      return new Answer(model.name(), model.version(), classifications, timing, false);
    }
  }

  private Answer recorded(Answer answer) {
    String model = answer.model();
    Timing timing = answer.timing();
    metrics.took(Step.QUEUE, model, timing.queue());
    if (!answer.cached()) { // steps that were not taken took no time that counts
      metrics.took(Step.DECODE, model, timing.decode());
      metrics.took(Step.PREPROCESS, model, timing.preprocess());
      metrics.took(Step.INFERENCE, model, timing.inference());
    }
    metrics.took(Step.TOTAL, model, timing.total());
    return answer;
  }
}
