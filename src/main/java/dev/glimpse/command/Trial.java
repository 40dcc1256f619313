package dev.glimpse.command;

import dev.glimpse.batch.WorkerPool;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.engine.OnnxRuntimeEngine;
import dev.glimpse.engine.Runner;
import dev.glimpse.image.ImageDecoder;
import dev.glimpse.image.Pixels;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.model.Fact;
import dev.glimpse.model.Model;
import dev.glimpse.model.ModelFolder;
import dev.glimpse.model.ModelLoader;
import dev.glimpse.postprocess.Classification;
import dev.glimpse.postprocess.Labels;
import dev.glimpse.postprocess.TopK;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;

/**
 * A model that was loaded as the service loads it, and has answered.
 *
 * @param folder the model
 * @param facts what was understood of it
 * @param labels its classes
 * @param best the best classes, in the model's own language
 * @param loadMillis how long loading took, warm-up and all
 * @param answerMillis how long the picture took, from its bytes on
 */
record Trial(
    ModelFolder folder,
    List<Fact> facts,
    Labels labels,
    List<Classification> best,
    long loadMillis,
    long answerMillis) {

  /**
   * Loads a model and shows it a picture.
   *
   * @param picture an image file's bytes
   * @throws dev.glimpse.failure.UnservableModelException if the model cannot be served
   * @throws dev.glimpse.failure.ServingException if the picture cannot be read
   */
  static Trial of(ModelFolder folder, byte[] picture, GlimpseConfig config) {
    long started = System.nanoTime();
    WorkerPool workers = new WorkerPool(config); // of which a model that is batched needs some
    ModelLoader loader =
        new ModelLoader(
            new OnnxRuntimeEngine(config),
            workers,
            new ServingMetrics(new SimpleMeterRegistry()),
            config);
    try (Model model = loader.load(folder)) {
      long loaded = System.nanoTime();
      List<Classification> best = classify(model, picture, new ImageDecoder(config));
      return new Trial(
          folder,
          model.facts().get(),
          model.labels(),
          best,
          (loaded - started) / 1_000_000,
          (System.nanoTime() - loaded) / 1_000_000);
    } finally {
      workers.close();
    }
  }

  /** The steps of {@link dev.glimpse.Classifier}, for one picture and without a queue. */
  private static List<Classification> classify(Model model, byte[] picture, ImageDecoder decoder) {
    try (Pixels pixels = decoder.decode(picture, model.preprocessor()::scaleNeeded);
        Runner runner =
            model.session().borrow(model.preprocessor().shape(pixels.width(), pixels.height()))) {
      model.preprocessor().write(pixels, runner.input());
      float[] scores = model.activation().apply(runner.run());
      return TopK.of(scores, TopK.usual(scores.length), model.labels().in(Labels.OWN_LANGUAGE));
    }
  }
}
