package dev.glimpse.recipe;

import dev.glimpse.engine.TensorSpec;
import dev.glimpse.repository.ModelFolder;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Checks that a graph has one input, and an output that matches the labels. Errors name the folder
 * and what to change.
 */
public final class GraphSignatureCheck {

  private static final Set<String> TYPES = Set.of("float", "float16", "double");

  private GraphSignatureCheck() {}

  /** Requires a single input. */
  public static void singleInput(ModelFolder folder, List<TensorSpec> inputs) {
    if (inputs.size() != 1) {
      throw folder.unservable(
          "an image classifier needs one input, but the graph has %d: %s; export it with one"
              .formatted(
                  inputs.size(),
                  inputs.stream().map(TensorSpec::name).collect(Collectors.joining(", "))));
    }
  }

  /**
   * Requires an output with a score for each class.
   *
   * @param dequantized whether the graph says what an output of integers stands for
   */
  public static void output(
      ModelFolder folder, TensorSpec output, boolean dequantized, ClassNames labels) {
    if (!TYPES.contains(output.type()) && !dequantized) {
      throw folder.unservable(
          "the graph's output is "
              + output
              + ", but scores must be float, float16 or double, or integers with a scale; export it"
              + " with one of these types");
    }
    if (output.rank() == 0) {
      return; // the shape is not declared; a run shows it
    }
    List<Long> classes = classes(output);
    if (classes.size() != 1) {
      throw folder.unservable(
          "the graph's output is "
              + output
              + ", but a classifier's is float[batch,classes]; export the model with such an"
              + " output");
    }
    if (classes.get(0) > 0) {
      width(folder, classes.get(0), labels);
    }
  }

  /** Returns the dimensions after the batch, without those of size 1 that some graphs have. */
  static List<Long> classes(TensorSpec output) {
    List<Long> dimensions = output.shape().stream().skip(1).toList();
    return dimensions.size() == 1
        ? dimensions
        : dimensions.stream().filter(dimension -> dimension != 1).toList();
  }

  /** Requires as many classes as labels. */
  public static void width(ModelFolder folder, long width, ClassNames names) {
    boolean pair = width == 1 && names.labels().size() == 2; // one probability, of the second
    if (width != names.labels().size() && !pair) {
      throw folder.unservable(
          "the graph has %d classes and %s names %d; they must match"
              .formatted(width, names.file(), names.labels().size()));
    }
  }
}
