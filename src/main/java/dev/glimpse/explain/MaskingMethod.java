package dev.glimpse.explain;

import dev.glimpse.engine.Runner;
import dev.glimpse.model.Model;
import dev.glimpse.pipeline.ResultOptions;
import dev.glimpse.postprocess.Classification;
import dev.glimpse.preprocess.MaskedTensor;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Explains a score by what it becomes when parts of the image are hidden: runs the graph once for
 * each of many masks. The same image gives the same map after the same number of runs. For one
 * thread at a time.
 */
public final class MaskingMethod {

  private final Model model;
  private final ResultOptions options;
  private final Method method;
  private final PreparedImage image;
  private final LongSupplier clock;
  private final MaskedTensor tensor;
  private final long[] shape;
  private final Masks masks;
  private final float[] kept;
  private final Classification explained;
  private final List<Classification> best;
  private int done;
  private long inferenceNanos;

  /**
   * Runs the graph on the image as it is.
   *
   * @param model must stay open
   * @param asked the place of the class; empty: the best
   * @param method {@link Method#OCCLUSION} or {@link Method#RISE}
   * @param clock nanoseconds
   */
  public MaskingMethod(
      Model model,
      ResultOptions options,
      Optional<Integer> asked,
      Method method,
      PreparedImage image,
      LongSupplier clock) {
    this.model = model;
    this.options = options;
    this.method = method;
    this.image = image;
    this.clock = clock;
    this.shape = image.tensor().spec().shape().stream().mapToLong(Long::longValue).toArray();
    this.tensor = new MaskedTensor(model.preprocessor().format(), shape, image.tensor().data());
    int width = tensor.width();
    int height = tensor.height();
    this.masks =
        method == Method.OCCLUSION
            ? new SlidingMasks(width, height)
            : new RandomMasks(width, height);
    this.kept = new float[width * height];
    try (Runner runner = model.session().borrow(shape)) {
      runner.input().put(image.tensor().data().duplicate());
      float[] output = output(runner);
      float[] scores = options.scores(output);
      this.explained = ClassChoice.of(options, output, scores, asked);
      this.best = options.best(output, scores);
    }
  }

  /** Returns how many bytes an image's tensor, a copy of it and a mask take on the heap. */
  public static long bytes(Model model, PreparedImage image) {
    long numbers = image.tensor().spec().shape().stream().reduce(1L, Math::multiplyExact);
    long pixels = numbers / model.preprocessor().format().channels().count();
    return image.tensor().data().capacity() + (numbers + pixels) * Float.BYTES;
  }

  private float[] output(Runner runner) {
    long started = clock.getAsLong();
    float[] output = runner.run();
    inferenceNanos += clock.getAsLong() - started;
    return output;
  }

  /**
   * Runs the graph with masks.
   *
   * @param end when to stop, by the clock; one run is made in any case
   * @return whether there are no more masks
   */
  public boolean advance(long end) {
    if (done == masks.count()) {
      return true;
    }
    try (Runner runner = model.session().borrow(shape)) {
      do {
        masks.fill(done, kept);
        tensor.write(kept, runner.input());
        masks.add(kept, options.scores(output(runner))[explained.index()], explained.score());
        done++;
      } while (done < masks.count() && clock.getAsLong() - end < 0);
    }
    return done == masks.count();
  }

  /** Returns whether there is a map after the masks until now. */
  public boolean hasMap() {
    return done >= masks.least();
  }

  /** Returns the map after the masks until now. */
  public Explanation explanation() {
    return new Explanation(
        explained,
        best,
        method,
        done + 1,
        masks.map(),
        image.view(),
        new Explanation.Times(image.decodeNanos(), image.preprocessNanos(), inferenceNanos));
  }
}
