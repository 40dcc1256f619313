package dev.glimpse.folder;

import dev.glimpse.folder.FileInference.FileOutput;
import dev.glimpse.pipeline.ResultOptions;
import dev.glimpse.postprocess.Classification;
import java.util.List;

/** Makes rows of files, with the labels and scores that the service would respond with. */
public final class FileClassifier {

  private final FileInference inference;
  private final ResultOptions options;
  private final double threshold;

  /**
   * Creates a classifier.
   *
   * @param options how many classes are returned, and in which language
   * @param threshold the score below which the best class is uncertain, 0 to 1
   */
  public FileClassifier(FileInference inference, ResultOptions options, double threshold) {
    this.inference = inference;
    this.options = options;
    this.threshold = threshold;
  }

  /** Classifies a file; a problem with it is part of the row. Any thread may call it. */
  public Row classify(ImageInput input) {
    FileOutput output = inference.run(input);
    if (output.problem().isPresent()) {
      return Row.failed(input.name(), output.problem().get());
    }
    List<Classification> best =
        options.best(options.scores(output.scores().orElseThrow().values()));
    return Row.of(input.name(), best, best.get(0).score() < threshold);
  }
}
