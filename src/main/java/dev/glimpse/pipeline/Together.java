package dev.glimpse.pipeline;

import dev.glimpse.Classifier;
import dev.glimpse.batching.BatchEntry;
import dev.glimpse.batching.DynamicBatcher;
import dev.glimpse.image.ImageDecoder;
import dev.glimpse.image.Pixels;
import dev.glimpse.model.Model;
import dev.glimpse.workers.Permit;
import java.util.concurrent.CompletionStage;

/**
 * The same steps as in {@link Classifier}, for a model whose pictures are run together: a worker
 * takes a picture as far as its place in the batch, and another, or the same, runs the batch.
 */
public final class Together {

  private final ImageDecoder decoder;

  public Together(ImageDecoder decoder) {
    this.decoder = decoder;
  }

  /** What fails before the run throws, and is in no batch. */
  public CompletionStage<Scored> score(
      byte[] picture, Model model, DynamicBatcher batcher, Permit permit, long waited) {
    long started = System.nanoTime();
    try (Pixels pixels = decoder.decode(picture, model.preprocessor()::scaleNeeded)) {
      long decoded = System.nanoTime();
      permit.requireWanted(); // a large picture may have taken all the time there was
      try (BatchEntry entry = batcher.join(permit)) {
        model.preprocessor().write(pixels, entry.input());
        long preprocessed = System.nanoTime();
        return entry
            .ready()
            .thenApply(scores ->
                new Scored(
                    scores.values(),
                    waited - started,
                    waited + scores.waited(),
                    decoded - started,
                    preprocessed - decoded,
                    scores.ran()));
      }
    }
  }
}
