package dev.glimpse.calibration;

import dev.glimpse.evaluation.Interval;
import dev.glimpse.postprocess.DistanceTest;
import java.util.List;
import java.util.Optional;

/**
 * Holds the distance test that is kept, or why none is.
 *
 * @param fit what was fitted: also a test that is not kept, of {@link Choice#TOO_STRICT}
 */
public record DistanceOutcome(Choice choice, Optional<DistanceFit> fit) {

  /** Says whether the test is kept. */
  public enum Choice {
    /** It keeps as many of the other images as it should, as far as their number shows. */
    FITTED,

    /** No test was asked for. */
    NOT_ASKED_FOR,

    /** The graph gives no vectors. */
    NO_VECTORS,

    /** The fitted half has too few images. */
    FEW_IMAGES,

    /** All vectors are the same. */
    EQUAL_VECTORS,

    /** It keeps fewer of the other images than it should. */
    TOO_STRICT
  }

  /** Stands for a calibration that no distance test was asked of. */
  static final DistanceOutcome NOT_ASKED_FOR = without(Choice.NOT_ASKED_FOR);

  static DistanceOutcome without(Choice why) {
    return new DistanceOutcome(why, Optional.empty());
  }

  /**
   * Measures a test.
   *
   * @param share of the images that is to be kept
   * @param images that it was not fitted on
   */
  static DistanceOutcome measured(DistanceTest test, double share, List<LabeledOutput> images) {
    int kept = (int) images.stream().filter(one -> !test.isUnlike(one.vector())).count();
    return new DistanceOutcome(
        Interval.wilson(kept, images.size()).to() < share ? Choice.TOO_STRICT : Choice.FITTED,
        Optional.of(new DistanceFit(test, share, (double) kept / Math.max(1, images.size()))));
  }

  /** Returns what is kept. */
  public Optional<DistanceFit> kept() {
    return choice == Choice.FITTED ? fit : Optional.empty();
  }
}
