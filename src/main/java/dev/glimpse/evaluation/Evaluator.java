package dev.glimpse.evaluation;

import dev.glimpse.evaluation.Evaluation.Failed;
import dev.glimpse.evaluation.LabeledImages.LabeledImage;
import dev.glimpse.folder.FileInference;
import dev.glimpse.folder.FileInference.FileOutput;
import dev.glimpse.folder.OrderedTasks;
import dev.glimpse.model.ImageScores;
import dev.glimpse.model.Model;
import dev.glimpse.postprocess.Labels;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** Runs a model over labelled images, several at a time. */
public final class Evaluator {

  private final Model model;
  private final FileInference inference;
  private final Labels classes;
  private final OrderedTasks<LabeledImage, Judged> tasks;

  /**
   * Creates an evaluation that has not begun.
   *
   * @param workers how many images to work on at a time
   */
  public Evaluator(Model model, FileInference inference, int workers) {
    this.model = model;
    this.inference = inference;
    this.classes = model.labels();
    this.tasks = new OrderedTasks<>(workers, this::judge);
  }

  /** Is notified after each image, on the thread that evaluates. */
  @FunctionalInterface
  public interface Progress {
    void done();
  }

  private record Judged(Optional<Judgement> judgement, Optional<Failed> failed) {}

  /**
   * Classifies all images, or those before {@link #stop}.
   *
   * @param bins how many bins calibration is measured in
   * @throws IllegalArgumentException if the model does not have a label
   */
  public Evaluation run(List<LabeledImage> images, int bins, Progress progress) throws IOException {
    KnownLabels.require(model, images);
    images.stream().limit(1).forEach(image -> inference.run(image.input())); // is slower at first
    List<Judgement> judgements = new ArrayList<>();
    List<Failed> failures = new ArrayList<>();
    Iterator<LabeledImage> rest = images.iterator();
    tasks.run(
        () -> rest.hasNext() ? rest.next() : null,
        judged -> {
          judged.judgement().ifPresent(judgements::add);
          judged.failed().ifPresent(failures::add);
          progress.done();
        });
    return new Evaluation(
        model.name(), model.version(), model.labels().own(), judgements, failures, bins);
  }

  /** Ends the run early. Any thread may call it. */
  public void stop() {
    tasks.stop();
  }

  private Judged judge(LabeledImage image) {
    FileOutput output = inference.run(image.input());
    if (output.problem().isPresent()) {
      return new Judged(
          Optional.empty(),
          Optional.of(new Failed(image.input().name(), output.problem().get().detail())));
    }
    ImageScores scores = output.scores().orElseThrow();
    return new Judged(
        Optional.of(
            Judgement.of(
                image.input().name(),
                classes.find(image.label()).orElseThrow(),
                model.activation().apply(scores.values()),
                model.calibration().scores(model.activation(), scores.values()),
                scores.decodeNanos() + scores.preprocessNanos() + scores.inferenceNanos())),
        Optional.empty());
  }
}
