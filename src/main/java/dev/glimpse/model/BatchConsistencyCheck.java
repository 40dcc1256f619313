package dev.glimpse.model;

import dev.glimpse.config.BatchingConfig;
import dev.glimpse.engine.EngineException;
import dev.glimpse.engine.Runner;
import dev.glimpse.engine.Session;
import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.image.Pixels;
import dev.glimpse.preprocess.Preprocessing.Size;
import dev.glimpse.preprocess.Preprocessor;
import dev.glimpse.recipe.Recipe;
import dev.glimpse.repository.ModelFolder;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Checks that a model can be batched: each image must get the same scores in a batch as alone,
 * whatever else is in the batch. Errors name the setting or the export option to change.
 */
final class BatchConsistencyCheck {

  /**
   * How far a score may deviate, as a fraction of the range of all scores. Different kernels cause
   * 1e-6, float16 1e-3, and quantization parameters computed from the batch some 1e-2.
   */
  private static final double TOLERANCE = 0.005;

  private final ModelFolder folder;
  private final Session session;
  private final BatchingConfig settings;

  BatchConsistencyCheck(ModelFolder folder, Session session, BatchingConfig settings) {
    this.folder = folder;
    this.session = session;
    this.settings = settings;
  }

  /** Checks the settings, the graph's input and the recipe, before anything is run. */
  void checkSettings(Recipe recipe) {
    int largest =
        settings.preferredSizes().stream().flatMap(List::stream).max(Integer::compare).orElse(1);
    if (largest > settings.maxBatchSize()) {
      throw refused(
          "preferred-sizes go up to %d and max-batch-size is %d; lower the sizes or raise the maximum"
              .formatted(largest, settings.maxBatchSize()),
          null);
    }
    if (session.input().dimension(0) >= 0) {
      throw refused(
          "the graph's input is %s, which fixes the batch size; export it with a dynamic batch size, or turn batching"
                  .formatted(session.input())
              + " off",
          null);
    }
    if (recipe.steps().outputSize().isEmpty()) {
      throw refused(
          recipe.source()
              + " does not fix the image size, which batching needs; set a size, or turn batching"
              + " off",
          null);
    }
  }

  /** Runs a full batch of different images, and then each of its images alone. */
  void compareScores(Preprocessor preprocessor, Size size) {
    long[] shape = preprocessor.shape(size.width(), size.height());
    long[] full = shape.clone();
    full[0] = settings.maxBatchSize();
    try (Runner together = session.borrow(full);
        Runner alone = session.borrow(shape)) {
      var batch = together.input();
      for (int i = 0; i < settings.maxBatchSize(); i++) {
        preprocessor.write(noise(size, i), batch.slice().order(batch.order()));
        batch.position(batch.position() + batch.capacity() / settings.maxBatchSize());
      }
      float[] scores = together.run(settings.maxBatchSize());
      int classes = scores.length / settings.maxBatchSize();
      for (int i = 0; i < settings.maxBatchSize(); i++) {
        preprocessor.write(noise(size, i), alone.input());
        requireSame(alone.run(), scores, i * classes);
      }
    } catch (EngineException e) {
      throw refused(
          "the graph fails on a batch; export it with a dynamic batch size in every node, or turn"
              + " batching off",
          e);
    }
  }

  private void requireSame(float[] alone, float[] together, int from) {
    if (!ScoreComparison.of(alone, together, from, TOLERANCE)) {
      throw refused(
          "the graph gives other scores in a batch than alone, as dynamic quantization does; turn"
              + " batching off, or export it without dynamic quantization",
          null);
    }
  }

  /** Returns noise that is brighter the later it comes in the batch, so that ranges differ. */
  private Pixels noise(Size size, int number) {
    byte[] rgb = new byte[size.width() * size.height() * 3];
    new Random(number).nextBytes(rgb);
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) ((rgb[i] & 0xFF) * (number + 1) / settings.maxBatchSize());
    }
    return new Pixels(size.width(), size.height(), rgb);
  }

  private UnservableModelException refused(String why, @Nullable Exception cause) {
    String sentence = "glimpse.batching.%s is set, but %s".formatted(folder.name(), why);
    return cause == null ? folder.unservable(sentence) : folder.unservable(sentence, cause);
  }
}
