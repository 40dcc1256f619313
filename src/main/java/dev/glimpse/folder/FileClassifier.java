package dev.glimpse.folder;

import dev.glimpse.folder.FileInference.FileOutput;
import dev.glimpse.model.ImageScores;
import dev.glimpse.pipeline.ResultOptions;

/** Makes rows of files, with the labels and scores that the service would respond with. */
public final class FileClassifier {

  private final FileInference inference;
  private final ResultOptions options;

  /**
   * Creates a classifier.
   *
   * @param options how many classes are returned, in which language, and when one is uncertain
   */
  public FileClassifier(FileInference inference, ResultOptions options) {
    this.inference = inference;
    this.options = options;
  }

  /** Classifies a file; a problem with it is part of the row. Any thread may call it. */
  public Row classify(ImageInput input) {
    FileOutput output = inference.run(input);
    if (output.problem().isPresent()) {
      return Row.failed(input.name(), output.problem().get());
    }
    ImageScores scores = output.scores().orElseThrow();
    return Row.of(input.name(), options.answer(scores, options.scores(scores.values())));
  }
}
