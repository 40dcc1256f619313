package dev.glimpse.postprocess;

import java.util.List;
import java.util.Optional;

/**
 * Holds the best classes of an image, and how far they are to be trusted.
 *
 * @param best the best classes, best first
 * @param uncertainty why the best class is not to be trusted; empty if it is, or if the model's
 *     files do not tell
 * @param groups the best groups of classes, best first; none if the model has no groups
 */
public record RankedClasses(
    List<Classification> best, Optional<Uncertainty> uncertainty, List<GroupScore> groups) {

  /** Returns classes that are certain, of a model without groups. */
  public static RankedClasses of(List<Classification> best) {
    return new RankedClasses(best, Optional.empty(), List.of());
  }
}
