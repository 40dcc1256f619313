package dev.glimpse.recipe;

import dev.glimpse.engine.TensorSpec;
import dev.glimpse.repository.ModelFolder;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether a graph's output and the files beside it speak of the same model. What does not fit is
 * refused with a sentence that names the folder and what to mend.
 */
public final class GraphSignatureCheck {

  private static final Set<String> TYPES = Set.of("float", "float16");

  private GraphSignatureCheck() {}

  /** A picture goes into one input. */
  public static void singleInput(ModelFolder folder, List<TensorSpec> inputs) {
    if (inputs.size() != 1) {
      throw folder.unservable(
          "a picture goes into one input, and the graph has %d: %s; export it with one"
              .formatted(
                  inputs.size(),
                  inputs.stream().map(TensorSpec::name).collect(Collectors.joining(", "))));
    }
  }

  /** A classifier's output is a score for each class. */
  public static void output(ModelFolder folder, TensorSpec output, ClassNames labels) {
    if (!TYPES.contains(output.type())) {
      throw folder.unservable(
          "the graph's output is "
              + output
              + ", and scores are read as float or float16; export it so");
    }
    List<Long> classes = classes(output);
    if (classes.size() != 1) {
      throw folder.unservable(
          "the graph's output is "
              + output
              + ", and a classifier's is float[batch,classes]; export one");
    }
    if (classes.get(0) > 0) {
      width(folder, classes.get(0), labels);
    }
  }

  /** The dimensions beside the batch, of which some graphs leave a few that are 1. */
  private static List<Long> classes(TensorSpec output) {
    List<Long> dimensions = output.shape().stream().skip(1).toList();
    return dimensions.size() == 1
        ? dimensions
        : dimensions.stream().filter(dimension -> dimension != 1).toList();
  }

  /** As many classes as labels. */
  public static void width(ModelFolder folder, long width, ClassNames names) {
    if (width != names.labels().size()) {
      throw folder.unservable(
          "the graph has %d classes and %s names %d; they should be as many"
              .formatted(width, names.file(), names.labels().size()));
    }
  }
}
