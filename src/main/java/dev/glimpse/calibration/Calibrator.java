package dev.glimpse.calibration;

import dev.glimpse.evaluation.Evaluation.Failed;
import dev.glimpse.evaluation.Judgement;
import dev.glimpse.evaluation.KnownLabels;
import dev.glimpse.evaluation.LabeledImages.LabeledImage;
import dev.glimpse.folder.FileInference;
import dev.glimpse.folder.FileInference.FileOutput;
import dev.glimpse.folder.OrderedTasks;
import dev.glimpse.model.LazyFeatureGraph;
import dev.glimpse.model.Model;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Runs a model over labelled images, several at a time, and keeps the graph's outputs. */
public final class Calibrator {

  /**
   * Their outputs are kept: with a thousand classes 80 MB, and as much again while half of them is
   * fitted to, as doubles. For a distance test so are vectors: with 1,280 features 100 MB, twice.
   */
  public static final int MOST_IMAGES = 20_000;

  /** Fewer are not conclusive. */
  public static final int LEAST_IMAGES = 20;

  private final Model model;
  private final FileInference inference;
  private final OrderedTasks<LabeledImage, Ran> tasks;

  /**
   * Creates a run that has not begun.
   *
   * @param workers how many images to work on at a time
   */
  public Calibrator(Model model, FileInference inference, int workers) {
    this.model = model;
    this.inference = inference;
    this.tasks = new OrderedTasks<>(workers, this::run);
  }

  /**
   * Holds what came of the images.
   *
   * @param outputs one for each image that the graph ran on, in the order of the images
   * @param failures why it did not run on others
   */
  public record Outputs(List<LabeledOutput> outputs, List<Failed> failures) {}

  private record Ran(Optional<LabeledOutput> output, Optional<Failed> failed) {}

  /**
   * Returns at most {@link #MOST_IMAGES} of the images, evenly over their order, which is that of
   * the classes.
   */
  public static List<LabeledImage> some(List<LabeledImage> images) {
    int count = Math.min(images.size(), MOST_IMAGES);
    List<LabeledImage> some = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      some.add(images.get((int) ((long) i * images.size() / count)));
    }
    return some;
  }

  /**
   * Runs the graph on all images, or on those before {@link #stop}.
   *
   * @param progress is notified after each image, on the calling thread
   * @throws IllegalArgumentException if the model does not have a label, or shows several classes
   *     at once
   */
  public Outputs run(List<LabeledImage> images, Runnable progress) throws IOException {
    KnownLabels.require(model, images);
    List<LabeledOutput> outputs = new ArrayList<>();
    List<Failed> failures = new ArrayList<>();
    Iterator<LabeledImage> rest = images.iterator();
    tasks.run(
        () -> rest.hasNext() ? rest.next() : null,
        ran -> {
          ran.output().ifPresent(outputs::add);
          ran.failed().ifPresent(failures::add);
          progress.run();
        });
    requireDistributions(outputs);
    return new Outputs(outputs, failures);
  }

  /** Ends the run early. Any thread may call it. */
  public void stop() {
    tasks.stop();
  }

  /**
   * Fits a calibration to the outputs of a model that was loaded without its own.
   *
   * @param keep the share of the images that a distance test is to keep, above 0, at most 1; empty:
   *     no such test is fitted
   * @throws IllegalArgumentException if there are fewer than {@value #LEAST_IMAGES}
   */
  public Fit fit(List<LabeledOutput> outputs, Fit.Targets targets, OptionalDouble keep) {
    if (outputs.size() < LEAST_IMAGES) {
      throw new IllegalArgumentException(
          "%d images were classified; at least %d are needed to calibrate a model."
              .formatted(outputs.size(), LEAST_IMAGES));
    }
    Halves<LabeledOutput> halves = Halves.of(outputs, LabeledOutput::actual, targets.seed());
    DistanceOutcome distance =
        keep.isPresent() ? distance(halves, keep.getAsDouble()) : DistanceOutcome.NOT_ASKED_FOR;
    return Fit.of(halves, model.activation(), model.calibration(), targets, distance);
  }

  private DistanceOutcome distance(Halves<LabeledOutput> halves, double share) {
    return model
        .featureGraph()
        .flatMap(LazyFeatureGraph::vector)
        .map(tensor -> DistanceFit.of(halves, tensor, model.labels().count(), share))
        .orElseGet(() -> DistanceOutcome.without(DistanceOutcome.Choice.NO_VECTORS));
  }

  private Ran run(LabeledImage image) {
    FileOutput output = inference.run(image.input());
    String name = image.input().name();
    return output.problem().isPresent()
        ? new Ran(Optional.empty(), Optional.of(new Failed(name, output.problem().get().detail())))
        : new Ran(
            Optional.of(
                new LabeledOutput(
                    name,
                    model.labels().find(image.label()).orElseThrow(),
                    output.scores().orElseThrow().values(),
                    output.scores().orElseThrow().vector())),
            Optional.empty());
  }

  private void requireDistributions(List<LabeledOutput> outputs) {
    boolean independent =
        !model.exclusive() || outputs.stream().anyMatch(image -> !isDistribution(image.output()));
    if (independent) {
      throw new IllegalArgumentException(
          "%s/%d gives each class a probability of its own; only models whose scores add up to 1 can be calibrated."
              .formatted(model.name(), model.version()));
    }
  }

  private boolean isDistribution(float[] output) {
    double sum = 0;
    for (float score : model.activation().apply(output)) {
      sum += score;
    }
    return Judgement.isDistribution(sum);
  }
}
