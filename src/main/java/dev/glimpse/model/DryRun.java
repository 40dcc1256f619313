package dev.glimpse.model;

import dev.glimpse.engine.Runner;
import dev.glimpse.failure.ServingException;
import dev.glimpse.image.ImageDecoder;
import dev.glimpse.image.Pixels;
import dev.glimpse.postprocess.Classification;
import dev.glimpse.postprocess.Labels;
import dev.glimpse.postprocess.TopK;
import java.util.List;

/**
 * A picture taken the whole way that a request's goes, without a queue: to see how a model does.
 */
public final class DryRun {

  private final ImageDecoder decoder;

  public DryRun(ImageDecoder decoder) {
    this.decoder = decoder;
  }

  /**
   * What a model takes a picture for, on the calling thread.
   *
   * @param picture an image file's bytes
   * @return the best classes, in the model's own language
   * @throws ServingException if the picture cannot be read, or the model takes none
   */
  public List<Classification> classify(Model model, byte[] picture) {
    try (Pixels pixels = decoder.decode(picture, model.preprocessor()::scaleNeeded);
        Runner runner =
            model.session().borrow(model.preprocessor().shape(pixels.width(), pixels.height()))) {
      model.preprocessor().write(pixels, runner.input());
      float[] scores = model.activation().apply(runner.run());
      return TopK.of(scores, TopK.usual(scores.length), model.labels().in(Labels.OWN_LANGUAGE));
    }
  }
}
