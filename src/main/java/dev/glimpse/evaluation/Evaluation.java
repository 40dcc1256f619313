package dev.glimpse.evaluation;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Holds what came of a model's run over labelled images.
 *
 * @param model its name
 * @param version its version
 * @param labels of its classes
 * @param judgements one for each image that was classified, in the order of the images
 * @param failures why other images were not
 * @param bins how many bins calibration is measured in
 */
public record Evaluation(
    String model,
    int version,
    List<String> labels,
    List<Judgement> judgements,
    List<Failed> failures,
    int bins) {

  /** How many classes an image's class may be among for {@link #top5}. */
  private static final int FIVE = 5;

  /** Says why an image was not classified. */
  public record Failed(String file, String detail) {}

  /**
   * Counts the images of one class that are said to be of another, or of the same.
   *
   * @param actual the index of the images' class
   * @param predicted the index of the class that they are said to be of
   */
  public record Confusion(int actual, int predicted, int images) {}

  /** Returns name and version, such as {@code flowers/1}. */
  public String name() {
    return model + "/" + version;
  }

  /** Returns the evaluation of the images that another has, too. */
  Evaluation inCommon(Evaluation other) {
    Set<String> files = other.judgements.stream().map(Judgement::file).collect(Collectors.toSet());
    List<Judgement> common = judgements.stream().filter(one -> files.contains(one.file())).toList();
    return new Evaluation(model, version, labels, common, failures, bins);
  }

  /** Returns whether an image's scores are probabilities of classes that exclude each other. */
  public boolean isDistribution() {
    return judgements.stream().allMatch(one -> Judgement.isDistribution(one.sum()));
  }

  /** Returns whether there are so many classes that {@link #top5} says something. */
  boolean hasTop5() {
    return labels.size() > FIVE;
  }

  /** Returns how many images were classified. */
  public int images() {
    return judgements.size();
  }

  /** Returns the share of the images whose class is the best. */
  public double top1() {
    return share(1);
  }

  /** Returns the share of the images whose class is among the five best. */
  public double top5() {
    return share(FIVE);
  }

  private double share(int rank) {
    return (double) judgements.stream().filter(one -> one.rank() <= rank).count()
        / Math.max(1, images());
  }

  /** Returns the interval of the accuracy at 95 %, by Wilson's formula. */
  public Interval top1Interval() {
    return Interval.wilson((int) judgements.stream().filter(Judgement::right).count(), images());
  }

  /** Returns the scores of each class that occurs, by index. */
  public List<ClassScore> classScores() {
    return ClassScore.of(judgements, labels.size());
  }

  /** Returns how far scores are probabilities. */
  public Calibration calibration() {
    return Calibration.of(judgements, bins);
  }

  /** Returns the confusion matrix without its zeros, by row and column. */
  public List<Confusion> confusions() {
    Map<Long, Integer> counts = new TreeMap<>();
    for (Judgement one : judgements) {
      counts.merge((long) one.actual() << Integer.SIZE | one.predicted(), 1, Integer::sum);
    }
    return counts.entrySet().stream()
        .map(cell ->
            new Confusion(
                (int) (cell.getKey() >>> Integer.SIZE), cell.getKey().intValue(), cell.getValue()))
        .toList();
  }

  /** Returns the pairs of classes that are mistaken most often. */
  public List<Confusion> mistakes(int count) {
    return confusions().stream()
        .filter(cell -> cell.actual() != cell.predicted())
        .sorted(Comparator.comparingInt(Confusion::images).reversed())
        .limit(count)
        .toList();
  }

  /** Returns the images that took longest. */
  public List<Judgement> slowest(int count) {
    return judgements.stream()
        .sorted(Comparator.comparingLong(Judgement::nanos).reversed())
        .limit(count)
        .toList();
  }

  /** Returns the images that are wrong, the one whose class has the least probability first. */
  public List<Judgement> worst(int count) {
    return judgements.stream()
        .filter(one -> !one.right())
        .sorted(
            Comparator.comparingDouble(Judgement::probability)
                .thenComparing(Comparator.comparingDouble(Judgement::score).reversed()))
        .limit(count)
        .toList();
  }

  /** Returns how long an image takes, in milliseconds of wall time. */
  public double meanMillis() {
    return Calibration.mean(judgements, one -> one.nanos() / 1e6);
  }
}
