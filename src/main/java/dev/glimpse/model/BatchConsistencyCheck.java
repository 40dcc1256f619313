package dev.glimpse.model;

import dev.glimpse.config.GlimpseConfig.Batching;
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

/**
 * Whether a model's pictures may be run together: every one gets the same answer as alone, whatever
 * else is in the batch. What does not do is refused with a sentence that names what to mend.
 */
final class BatchConsistencyCheck {

  /**
   * How far a score may be off, as a part of all scores' range. Other kernels make 1e-6 of it,
   * float16 a thousandth; quantising by what is in the batch makes some hundredths.
   */
  private static final double TOLERANCE = 0.005;

  private final ModelFolder folder;
  private final Session session;
  private final Batching settings;

  BatchConsistencyCheck(ModelFolder folder, Session session, Batching settings) {
    this.folder = folder;
    this.session = session;
    this.settings = settings;
  }

  /** What the settings, the graph's input and the recipe say, before anything is run. */
  void facts(Recipe recipe) {
    int largest =
        settings.preferredSizes().stream().flatMap(List::stream).max(Integer::compare).orElse(1);
    if (largest > settings.maxBatchSize()) {
      throw refused(
          "preferred-sizes go up to %d and max-batch-size is %d; mend one of them"
              .formatted(largest, settings.maxBatchSize()),
          null);
    }
    if (session.input().dimension(0) >= 0) {
      throw refused(
          "the graph's input is %s, a batch of one; export it with an open batch, or leave batching"
                  .formatted(session.input())
              + " off",
          null);
    }
    if (recipe.steps().outputSize().isEmpty()) {
      throw refused(
          recipe.source()
              + " leaves the size open, and a batch is of one size; give it one, or leave batching"
              + " off",
          null);
    }
  }

  /** Runs a full batch, in which no picture is like another, and each of its pictures alone. */
  void answers(Preprocessor preprocessor, Size size) {
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
          "the graph fails on a batch; export it with an open batch all the way through, or leave"
              + " batching off",
          e);
    }
  }

  private void requireSame(float[] alone, float[] together, int from) {
    if (!ScoreComparison.of(alone, together, from, TOLERANCE)) {
      throw refused(
          "the graph answers otherwise in a batch than alone, as dynamic quantisation does; leave"
              + " batching off, or export it otherwise",
          null);
    }
  }

  /** The later in the batch, the brighter, so that their ranges are not alike. */
  private Pixels noise(Size size, int number) {
    byte[] rgb = new byte[size.width() * size.height() * 3];
    new Random(number).nextBytes(rgb);
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) ((rgb[i] & 0xFF) * (number + 1) / settings.maxBatchSize());
    }
    return new Pixels(size.width(), size.height(), rgb);
  }

  private UnservableModelException refused(
      String why, @org.jspecify.annotations.Nullable Exception cause) {
    String sentence = "glimpse.batching.%s is set, but %s".formatted(folder.name(), why);
    return cause == null ? folder.unservable(sentence) : folder.unservable(sentence, cause);
  }
}
