package dev.glimpse.model;

import dev.glimpse.engine.TensorSpec;
import dev.glimpse.preprocess.Preprocessing;
import dev.glimpse.preprocess.Preprocessing.Size;

/**
 * Whether a graph and the files beside it speak of the same model. What does not fit is refused
 * with a sentence that names the folder and what to mend.
 */
final class GraphCheck {

  /** A side for the warm-up of a graph that takes any. */
  private static final int ANY_SIDE = 224;

  private GraphCheck() {}

  /** The picture's size that the graph takes; the recipe has to make just that. */
  static Size inputSize(ModelFolder folder, TensorSpec input, Preprocessing recipe) {
    if (input.rank() != 4 || !input.type().equals("float") || !fits(input.dimension(1), 3)) {
      throw folder.unservable(
          "the graph's input is "
              + input
              + ", and pictures are fed as float[batch,3,height,width]; export it so");
    }
    if (!fits(input.dimension(0), 1)) {
      throw folder.unservable(
          "the graph's input is "
              + input
              + ", with a fixed batch; export it with an open one, or with 1");
    }
    if (recipe.outputSize().isEmpty() && (input.dimension(2) > 0 || input.dimension(3) > 0)) {
      throw folder.unservable(
          "the graph's input is "
              + input
              + ", and "
              + ModelFolder.PREPROCESSOR
              + " leaves the size open; add \"crop_size\", or a \"size\" of height and width");
    }
    Size size = recipe.outputSize().orElse(new Size(ANY_SIDE, ANY_SIDE));
    if (!fits(input.dimension(2), size.height()) || !fits(input.dimension(3), size.width())) {
      throw folder.unservable(
          "the graph's input is %s, and %s makes pictures %d high and %d wide; mend its sizes"
              .formatted(input, ModelFolder.PREPROCESSOR, size.height(), size.width()));
    }
    return size;
  }

  private static boolean fits(long dimension, long value) {
    return dimension < 0 || dimension == value;
  }

  /** A classifier's output is a score for each class. */
  static void output(ModelFolder folder, TensorSpec output, int labels) {
    if (output.rank() != 2 || !output.type().equals("float")) {
      throw folder.unservable(
          "the graph's output is "
              + output
              + ", and a classifier's is float[batch,classes]; export one");
    }
    if (output.dimension(1) > 0) {
      width(folder, output.dimension(1), labels);
    }
  }

  /** As many classes as labels. */
  static void width(ModelFolder folder, long width, int labels) {
    if (width != labels) {
      throw folder.unservable(
          "the graph has %d classes and %s names %d in \"id2label\"; they should be as many"
              .formatted(width, ModelFolder.CONFIG, labels));
    }
  }
}
