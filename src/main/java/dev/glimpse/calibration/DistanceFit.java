package dev.glimpse.calibration;

import dev.glimpse.calibration.DistanceOutcome.Choice;
import dev.glimpse.postprocess.DistanceTest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Holds a distance test that was fitted to one half of the images, and measured on the other. Its
 * threshold comes from distances of images that were left out when their test was fitted, as those
 * of images that were not are too small.
 *
 * @param share of the images that was to be kept
 * @param kept the share of the other half that is
 */
public record DistanceFit(DistanceTest test, double share, double kept) {

  /** As few images of the fitted half do not tell how far the others are. */
  static final int LEAST_IMAGES = 40;

  /** With fewer images of a class, one mean stands for all. */
  static final int LEAST_OF_CLASS = 6;

  private static final int FOLDS = 3;

  /**
   * Fits a test.
   *
   * @param tensor names the vector in the graph
   * @param classes how many the model has
   * @param share of the images that is to be kept, above 0, at most 1
   */
  static DistanceOutcome of(
      Halves<LabeledOutput> halves, String tensor, int classes, double share) {
    List<LabeledOutput> images = new ArrayList<>(halves.fitted());
    if (images.stream().anyMatch(one -> one.vector().length < 2)) {
      return DistanceOutcome.without(Choice.NO_VECTORS);
    }
    if (images.size() < LEAST_IMAGES) {
      return DistanceOutcome.without(Choice.FEW_IMAGES);
    }
    images.sort(Comparator.comparingInt(LabeledOutput::actual));
    Map<Integer, Integer> counts = new HashMap<>();
    images.forEach(one -> counts.merge(one.actual(), 1, Integer::sum));
    boolean byClass =
        counts.size() == classes
            && counts.values().stream().allMatch(count -> count >= LEAST_OF_CLASS);
    return fit(images, tensor, byClass, share)
        .map(test -> DistanceOutcome.measured(test, share, halves.heldOut()))
        .orElseGet(() -> DistanceOutcome.without(Choice.EQUAL_VECTORS));
  }

  /** Distances are comparable only between tests with as many directions. */
  private static Optional<DistanceTest> fit(
      List<LabeledOutput> images, String tensor, boolean byClass, double share) {
    int directions =
        ClassGaussians.directions(
            part(images, 0, false).size(), images.get(0).vector().length); // the smallest part
    Optional<DistanceTest> whole = ClassGaussians.fit(images, tensor, byClass, directions);
    List<Double> leftOut = new ArrayList<>();
    for (int fold = 0; fold < FOLDS && whole.isPresent(); fold++) {
      Optional<DistanceTest> test =
          ClassGaussians.fit(part(images, fold, false), tensor, byClass, directions);
      if (test.isEmpty()) {
        return Optional.empty();
      }
      part(images, fold, true).forEach(one -> leftOut.add(test.get().distance(one.vector())));
    }
    return whole.map(test -> test.withThreshold(quantile(leftOut, share)));
  }

  private static List<LabeledOutput> part(List<LabeledOutput> images, int fold, boolean inFold) {
    List<LabeledOutput> part = new ArrayList<>();
    for (int i = 0; i < images.size(); i++) {
      if ((i % FOLDS == fold) == inFold) {
        part.add(images.get(i));
      }
    }
    return part;
  }

  /** Returns the least of the distances that keeps the share. */
  static double quantile(List<Double> distances, double share) {
    double[] sorted = distances.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int count = (int) Math.ceil(share * sorted.length - 1e-9);
    return sorted[Math.min(Math.max(count, 1), sorted.length) - 1];
  }
}
