package dev.glimpse.model;

import dev.glimpse.engine.EngineException;
import dev.glimpse.engine.Runner;
import dev.glimpse.engine.Session;
import dev.glimpse.image.Pixels;
import dev.glimpse.preprocess.Preprocessing.Size;
import dev.glimpse.preprocess.Preprocessor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Runs a graph on noise, always the same: it is warm then, and has shown what it answers. */
final class GraphWarmUp {

  private GraphWarmUp() {}

  /**
   * Runs a graph.
   *
   * @param times 1 or more
   * @return the output of each run
   * @throws EngineException if it fails
   */
  static List<float[]> of(Session session, Preprocessor preprocessor, Size size, int times) {
    List<float[]> answers = new ArrayList<>();
    Random noise = new Random(1);
    byte[] rgb = new byte[size.width() * size.height() * 3];
    for (int i = 0; i < times; i++) {
      noise.nextBytes(rgb);
      Pixels picture = new Pixels(size.width(), size.height(), rgb);
      long[] shape = preprocessor.shape(picture.width(), picture.height());
      try (Runner runner = session.borrow(shape)) {
        preprocessor.write(picture, runner.input());
        answers.add(runner.run());
      }
    }
    return answers;
  }
}
