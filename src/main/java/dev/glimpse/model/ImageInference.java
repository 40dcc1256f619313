package dev.glimpse.model;

import dev.glimpse.batching.DynamicBatcher;
import dev.glimpse.batching.InferenceSlot;
import dev.glimpse.bytes.Bytes;
import dev.glimpse.failure.ServingException;
import dev.glimpse.image.ImageDecoder;
import dev.glimpse.image.ImageFacts;
import dev.glimpse.image.ImageFile;
import dev.glimpse.image.Part;
import dev.glimpse.image.Pixels;
import dev.glimpse.postprocess.Classification;
import dev.glimpse.postprocess.Labels;
import dev.glimpse.postprocess.TopK;
import dev.glimpse.workers.Permit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Takes an image through a model: decodes it, preprocesses it into the graph's input, and runs the
 * graph. Works on the calling thread, except for the run of a batch. Any thread may call it.
 */
public final class ImageInference {

  private final ImageDecoder decoder;
  private final LongSupplier clock;
  private final boolean brightness;

  public ImageInference(ImageDecoder decoder) {
    this(decoder, System::nanoTime);
  }

  /**
   * Measures its steps by the given clock.
   *
   * @param clock nanoseconds
   */
  public ImageInference(ImageDecoder decoder, LongSupplier clock) {
    this(decoder, clock, false);
  }

  /**
   * Measures its steps by the given clock.
   *
   * @param clock nanoseconds
   * @param brightness whether to measure the images' brightness too
   */
  public ImageInference(ImageDecoder decoder, LongSupplier clock, boolean brightness) {
    this.decoder = decoder;
    this.clock = clock;
    this.brightness = brightness;
  }

  /**
   * Runs a model on an image, in a batch with others if the model has dynamic batching. What fails
   * before the run is thrown, and is in no batch.
   *
   * @param image its file's bytes, and the page
   * @param permit checked between the steps
   * @return completed already, unless the image waits for its batch
   * @throws ServingException if the image cannot be read, the model takes no images, or the request
   *     was cancelled
   * @throws dev.glimpse.engine.EngineException if the graph fails
   */
  public CompletionStage<ImageScores> run(Model model, ImageFile image, Permit permit) {
    Optional<DynamicBatcher> batcher = model.batcher();
    return run(
        model,
        image,
        permit::throwIfCancelled,
        pixels -> batcher.isPresent() ? batcher.get().join(permit) : runnerSlot(model, pixels));
  }

  /**
   * Estimates how long {@link #run} will keep a core busy before the run of the graph, in
   * nanoseconds; 0 for what it will refuse.
   */
  public long estimateNanos(Model model, ImageFile image) {
    try {
      return decoder.estimateNanos(image, model.preprocessor()::scaleNeeded);
    } catch (ServingException e) {
      return 0;
    }
  }

  /**
   * Runs a model on an image at once, outside of any batch. Otherwise as {@link #run(Model,
   * ImageFile, Permit)}, for work that is no request and cannot be cancelled.
   */
  public ImageScores runAlone(Model model, ImageFile image) {
    return run(model, image, () -> {}, pixels -> runnerSlot(model, pixels))
        .toCompletableFuture()
        .join(); // is completed
  }

  /**
   * Returns the best classes of an image file, in the model's own language; see {@link #runAlone}.
   */
  public List<Classification> classify(Model model, byte[] image) {
    float[] scores =
        model.activation().apply(runAlone(model, new ImageFile(Bytes.of(image))).values());
    return TopK.of(scores, TopK.usual(scores.length), model.labels().in(Labels.OWN_LANGUAGE));
  }

  private CompletionStage<ImageScores> run(
      Model model,
      ImageFile image,
      Runnable throwIfCancelled,
      Function<Pixels, InferenceSlot> slotFor) {
    long started = clock.getAsLong();
    Part part = brightness ? Part.WHOLE : model.preprocessor()::partNeeded;
    try (Pixels pixels = decoder.decode(image, model.preprocessor()::scaleNeeded, part)) {
      throwIfCancelled.run(); // decoding a large image may have used up the time
      long decoded = clock.getAsLong();
      Optional<ImageFacts> facts = facts(pixels);
      try (InferenceSlot slot = slotFor.apply(pixels)) {
        model.preprocessor().write(pixels, slot.input());
        throwIfCancelled.run();
        long preprocessed = clock.getAsLong();
        return slot.run()
            .thenApply(scores ->
                new ImageScores(
                    scores.values(),
                    scores.vector(),
                    decoded - started,
                    preprocessed - decoded,
                    scores.queueNanos(),
                    scores.runNanos(),
                    facts));
      }
    }
  }

  private Optional<ImageFacts> facts(Pixels pixels) {
    return brightness ? pixels.facts().map(facts -> facts.with(pixels)) : pixels.facts();
  }

  private InferenceSlot runnerSlot(Model model, Pixels pixels) {
    long[] shape = model.preprocessor().shape(pixels.width(), pixels.height());
    return new RunnerSlot(model.session().borrow(shape), clock);
  }
}
