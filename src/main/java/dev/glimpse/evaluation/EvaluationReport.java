package dev.glimpse.evaluation;

import java.util.Optional;

/**
 * Holds what is reported.
 *
 * @param dataset where the images are
 * @param evaluation of the model
 * @param against of another model on the same images
 * @param comparison of the two
 */
public record EvaluationReport(
    String dataset,
    Evaluation evaluation,
    Optional<Evaluation> against,
    Optional<Comparison> comparison) {

  /** How many mistakes, and how many images of each kind, are named. */
  static final int NAMED = 12;

  /** How many images that were not classified a page names. */
  static final int MOST_FAILURES = 1000;

  /** Returns whether both models' scores are such that they have a log loss. */
  boolean hasLogLossOfBoth() {
    return evaluation.isDistribution() && against.map(Evaluation::isDistribution).orElse(true);
  }

  /** Returns which model is better, in words; empty if there is one model. */
  Optional<String> verdict() {
    return comparison.map(
        compared -> Verdict.of(evaluation.name(), against.orElseThrow().name(), compared));
  }
}
