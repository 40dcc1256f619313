package dev.glimpse.recipe;

import dev.glimpse.engine.Session;
import dev.glimpse.engine.TensorSpec;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Decides, by an open graph and the files beside it, whether a model classifies images or takes
 * tensors. It classifies images if the graph has one input of an image and an output with a score
 * for each class, and a file, or the graph's metadata, says how to. Every other graph takes
 * tensors.
 *
 * @param classifies whether it classifies images
 * @param reason why it takes tensors, as part of a sentence; empty if it classifies images
 * @param surprising whether files in the folder let one expect a classifier
 */
public record ServedTask(boolean classifies, String reason, boolean surprising) {

  /** The name of the fact that says why a model takes tensors. */
  public static final String FACT = "serves";

  private static final int IMAGE_RANK = 4;

  private static final Set<String> IMAGES = Set.of("float", "float16", "uint8");

  /** Decides. */
  public static ServedTask of(DeclaredTask files, Session session) {
    Optional<String> unfit =
        input(session.inputs()).or(() -> output(session)).or(() -> task(files, session));
    if (unfit.isPresent()) {
      boolean surprising = !files.files().isEmpty();
      String unused = surprising ? "; " + String.join(", ", files.files()) + " has no effect" : "";
      return new ServedTask(false, unfit.get() + unused, surprising);
    }
    return files.files().isEmpty() && !OnnxMetadataConfig.classifies(session.metadata())
        ? new ServedTask(
            false,
            "no file says how to classify images; add a config.json and a"
                + " preprocessor_config.json, or a labels.txt",
            false)
        : new ServedTask(true, "", false);
  }

  /** Returns why the inputs are not a single image; empty if they are. */
  private static Optional<String> input(List<TensorSpec> inputs) {
    TensorSpec input = inputs.get(0);
    if (inputs.size() != 1) {
      return Optional.of("the graph has %d inputs".formatted(inputs.size()));
    }
    boolean image =
        input.rank() == IMAGE_RANK
            && IMAGES.contains(input.type())
            && (mayBeChannels(input.dimension(1)) || mayBeChannels(input.dimension(3)));
    if (!image) {
      return Optional.of("the graph's input, %s, is no image".formatted(input));
    }
    return input.dimension(0) > 1
        ? Optional.of("the graph's input, %s, is always several images".formatted(input))
        : Optional.empty();
  }

  private static boolean mayBeChannels(long dimension) {
    return dimension < 0 || dimension == 1 || dimension == 3;
  }

  /** Returns why no output holds scores; empty if one does. */
  private static Optional<String> output(Session session) {
    TensorSpec output = session.output();
    if (ScoresOutput.mayHoldScores(output) && session.outputIsTensor()) {
      return output.type().endsWith("int8") && session.dequantization().isEmpty()
          ? Optional.of(
              "nothing says what the integers of the output %s stand for".formatted(output))
          : Optional.empty();
    }
    return Optional.of("the graph's output, %s, is not a score for each class".formatted(output));
  }

  /** Returns which other task the model is for; empty if it may be a classifier. */
  private static Optional<String> task(DeclaredTask files, Session session) {
    String task = session.metadata().get("task");
    if (task != null && !task.equals("classify") && session.metadata().containsKey("imgsz")) {
      return Optional.of("the graph's metadata says task=" + task);
    }
    List<Long> width = GraphSignatureCheck.classes(session.output());
    boolean named =
        !width.isEmpty()
            && files.classes().map(Integer::longValue).filter(width.get(0)::equals).isPresent();
    return files
        .architecture()
        .filter(other -> !named)
        .map(
            other -> "config.json names the architecture %s, no image classifier".formatted(other));
  }
}
