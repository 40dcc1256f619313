package dev.glimpse.postprocess;

import java.util.List;
import java.util.Optional;

/**
 * Says what an image shows, and how far that is to be trusted.
 *
 * @param best the best classes, best first
 * @param uncertainty why the best class is not to be trusted; empty if it is, or if the model's
 *     files do not tell
 * @param groups the best groups of classes, best first; none if the model has no groups
 */
public record Answer(
    List<Classification> best, Optional<Uncertainty> uncertainty, List<GroupScore> groups) {

  /** Creates an answer that is certain, of a model without groups. */
  public static Answer of(List<Classification> best) {
    return new Answer(best, Optional.empty(), List.of());
  }
}
