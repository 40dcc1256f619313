package dev.glimpse.model;

import dev.glimpse.engine.EngineException;
import dev.glimpse.engine.GraphFault;
import dev.glimpse.engine.NotFiniteException;
import dev.glimpse.engine.Runner;
import dev.glimpse.engine.Session;
import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.image.Pixels;
import dev.glimpse.preprocess.Preprocessing.Size;
import dev.glimpse.preprocess.Preprocessor;
import dev.glimpse.repository.ModelFolder;
import io.quarkus.runtime.ImageMode;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;

/**
 * Runs a graph on images of noise, always the same ones: the graph is warm afterwards, and its
 * scores can be compared with those of another load.
 */
final class GraphWarmUp {

  /** After this many runs the JIT compilers have seen the code that runs. */
  private static final int JVM_RUNS = 3;

  private GraphWarmUp() {}

  /**
   * Returns how often each model runs before it is ready: 1 or more.
   *
   * @param set empty: a default, which depends on whether there is something to compile
   */
  static int runs(OptionalInt set) {
    boolean compiles = ImageMode.current() != ImageMode.NATIVE_RUN;
    return set.orElse(compiles ? JVM_RUNS : 1);
  }

  /**
   * Warms up a model's graph.
   *
   * @param times 1 or more
   * @return the scores of each run
   * @throws UnservableModelException if it fails, or a score is NaN or infinite
   */
  static List<float[]> run(ModelFolder folder, Session session, ClassifierSpec spec, int times) {
    try {
      return of(session, spec.preprocessor(), spec.size(), times);
    } catch (NotFiniteException e) {
      throw folder.unservable(
          "the graph's output for an image of noise holds NaN or infinity; check its weights, and"
              + " export it in float32 if it is in float16",
          e);
    } catch (EngineException e) {
      String words = e.oneLine();
      String why = GraphFault.of(words).map(fault -> ": " + fault).orElse("");
      throw folder.unservable("the graph fails when it runs" + why, words, e);
    }
  }

  /**
   * Runs a graph.
   *
   * @param times 1 or more
   * @return the scores of each run
   * @throws EngineException if it fails
   */
  static List<float[]> of(Session session, Preprocessor preprocessor, Size size, int times) {
    List<float[]> scores = new ArrayList<>();
    Random noise = new Random(1);
    byte[] rgb = new byte[size.width() * size.height() * 3];
    for (int i = 0; i < times; i++) {
      noise.nextBytes(rgb);
      Pixels image = new Pixels(size.width(), size.height(), rgb);
      long[] shape = preprocessor.shape(image.width(), image.height());
      try (Runner runner = session.borrow(shape)) {
        preprocessor.write(image, runner.input());
        scores.add(runner.run());
      }
    }
    return scores;
  }
}
