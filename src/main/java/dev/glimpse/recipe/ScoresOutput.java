package dev.glimpse.recipe;

import dev.glimpse.engine.OutputChoice;
import dev.glimpse.engine.TensorSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Finds the output that holds a score for each class: the one that {@code config.json} names, or
 * else by its shape and its name.
 *
 * @param named the name in {@code config.json}
 * @param classes how many classes the files name; empty: any number
 */
public record ScoresOutput(Optional<String> named, Optional<Integer> classes)
    implements OutputChoice {

  /** The key in {@code config.json}. */
  static final String KEY = "scores_output";

  private static final Set<String> TYPES = Set.of("float", "float16", "double", "uint8", "int8");

  /** Parts of the names that exporters give scores, the surest first. */
  private static final List<Pattern> NAMES =
      List.of(
          Pattern.compile("(?i)logits?"),
          Pattern.compile("(?i).*(probabilit|softmax|scores?|logits?|predictions?).*"),
          Pattern.compile("(?i).*(prob|class|output).*"));

  @Override
  public TensorSpec choose(List<TensorSpec> outputs) {
    Optional<TensorSpec> wanted =
        outputs.stream()
            .filter(output -> named.isPresent() && output.name().equals(named.get()))
            .findFirst();
    return wanted
        .or(() -> candidates(outputs).stream().min(Comparator.comparingInt(this::rank)))
        .orElse(outputs.get(0));
  }

  /** Returns the outputs that may hold scores by their types and shapes, in the graph's order. */
  static List<TensorSpec> candidates(List<TensorSpec> outputs) {
    List<TensorSpec> candidates = new ArrayList<>(outputs);
    candidates.removeIf(output -> !mayHoldScores(output));
    return candidates;
  }

  /** Returns whether an output has one dimension after the batch, or does not declare its shape. */
  static boolean mayHoldScores(TensorSpec output) {
    return TYPES.contains(output.type())
        && (output.rank() == 0 || GraphSignatureCheck.classes(output).size() == 1);
  }

  /** Returns a number that is lower the more likely it is that an output holds the scores. */
  private int rank(TensorSpec output) {
    int rank = fits(output) ? 0 : NAMES.size() + 1;
    for (Pattern name : NAMES) {
      if (name.matcher(output.name()).matches()) {
        break;
      }
      rank++;
    }
    return rank;
  }

  private boolean fits(TensorSpec output) {
    long width = output.rank() == 0 ? -1 : GraphSignatureCheck.classes(output).get(0);
    return classes.isEmpty() || width < 0 || width == classes.get();
  }
}
