package dev.glimpse.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.bytes.Bytes;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.engine.Runner;
import dev.glimpse.image.ImageDecoder;
import dev.glimpse.image.ImageFile;
import dev.glimpse.image.codecs.ImageCodecs;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.model.FeatureGraph;
import dev.glimpse.model.Model;
import dev.glimpse.pipeline.ClassificationRequest;
import dev.glimpse.pipeline.ResultOptions;
import dev.glimpse.preprocess.MaskedTensor;
import dev.glimpse.registry.TestRegistry;
import dev.glimpse.support.Configs;
import dev.glimpse.support.EnabledIfExternalData;
import dev.glimpse.support.Fixtures;
import dev.glimpse.workers.Permit;
import dev.glimpse.workers.WorkerPool;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Hides the fifth of a photo that a map shows as the hottest. If the map is right, the class's
 * score falls by more than when another fifth of the same shape is hidden, at a random place.
 */
class DeletionTest {

  private static final String PHOTOS = "photos/imagenet";

  private static final int RANDOM_PLACES = 5;
  private static final double HIDDEN = 0.2;

  @ParameterizedTest
  @CsvSource({
    "mobilenet-v2, CAM, 4, 0.88",
    "squeezenet-1.1, CAM, 4, 0.92",
    "mobilenet-v2-int8, CAM, 4, 0.88",
    "mobilenet-v1-0.25-128, CAM, 4, 0.65", // of 4×4 parts, and a model that is often unsure
  })
  @EnabledIfExternalData({"models", PHOTOS})
  void theHottestFifthMattersMost(String name, Method method, int usual, double share)
      throws IOException {
    int every = Integer.getInteger("deletion.every", usual);
    GlimpseConfig config =
        Configs.of(Map.of("glimpse.models.path", Fixtures.asset("models").toString()));
    ServingMetrics metrics = new ServingMetrics(new SimpleMeterRegistry());
    WorkerPool workers = new WorkerPool(config);
    ImageDecoder decoder = new ImageDecoder(config, ImageCodecs.all());
    try (TestRegistry registry = new TestRegistry(workers, metrics, config);
        Stream<Path> files = Files.list(Fixtures.asset(PHOTOS))) {
      Model model = registry.models().require(Optional.of(name), Optional.empty());
      List<Path> photos =
          files
              .filter(file -> file.toString().toLowerCase(Locale.ROOT).matches(".*\\.jpe?g"))
              .sorted()
              .toList();
      int more = 0;
      int all = 0;
      double drop = 0;
      double other = 0;
      for (int i = 0; i < photos.size(); i += every) {
        PreparedImage image = prepared(photos.get(i), model, decoder, workers);
        Deletion deletion = new Deletion(model, image, explain(model, method, image));
        double hot = deletion.score(deletion.hottest());
        double random = deletion.random(i);
        drop += deletion.score() - hot;
        other += deletion.score() - random;
        more += hot < random ? 1 : 0;
        all++;
      }
      System.out.printf(
          "%s, %s: %d of %d; the score falls by %.3f on average, and by %.3f%n",
          name, method, more, all, drop / all, other / all);
      assertThat(more).as("%s of %d", name, all).isGreaterThanOrEqualTo((int) (share * all));
    }
  }

  private static PreparedImage prepared(
      Path photo, Model model, ImageDecoder decoder, WorkerPool workers) throws IOException {
    ImageFile image = new ImageFile(Bytes.of(Files.readAllBytes(photo)));
    try (Permit permit = workers.admit(Duration.ofMinutes(1))) {
      return PreparedImage.of(decoder, model, image, permit, System::nanoTime);
    }
  }

  private static Explanation explain(Model model, Method method, PreparedImage image) {
    ResultOptions options = options(model);
    if (method == Method.CAM) {
      FeatureGraph graph = model.features().orElseThrow().open().join();
      return new ActivationMethod(model, options, Optional.empty(), System::nanoTime)
          .explain(graph, image)
          .orElseThrow();
    }
    MaskingMethod masking =
        new MaskingMethod(model, options, Optional.empty(), method, image, System::nanoTime);
    masking.advance(Long.MAX_VALUE / 2 + System.nanoTime());
    return masking.explanation();
  }

  private static ResultOptions options(Model model) {
    return ResultOptions.of(
        new ClassificationRequest(
            Bytes.NONE,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of()),
        model);
  }

  /** Hides parts of one image. */
  private static final class Deletion {
    private final Model model;
    private final Explanation explanation;
    private final MaskedTensor tensor;
    private final long[] shape;

    Deletion(Model model, PreparedImage image, Explanation explanation) {
      this.model = model;
      this.explanation = explanation;
      this.shape = image.tensor().spec().shape().stream().mapToLong(Long::longValue).toArray();
      this.tensor = new MaskedTensor(model.preprocessor().format(), shape, image.tensor().data());
    }

    double score() {
      return explanation.explained().score();
    }

    float[] hottest() {
      return hidden(explanation.map());
    }

    /** The mean score with fifths hidden that have the shape of the hottest, at random places. */
    double random(int seed) {
      SplittableRandom random = new SplittableRandom(seed);
      float[] hottest = hottest();
      double sum = 0;
      for (int i = 0; i < RANDOM_PLACES; i++) {
        int right = random.nextInt(tensor.width());
        int down = random.nextInt(tensor.height());
        sum += score(moved(hottest, right, down));
      }
      return sum / RANDOM_PLACES;
    }

    /** Moves what is hidden; what leaves at an edge comes in at the other one. */
    private float[] moved(float[] kept, int right, int down) {
      int width = tensor.width();
      float[] moved = new float[kept.length];
      for (int i = 0; i < kept.length; i++) {
        int x = (i % width + right) % width;
        int y = (i / width + down) % tensor.height();
        moved[y * width + x] = kept[i];
      }
      return moved;
    }

    private float[] hidden(ClassMap map) {
      int width = tensor.width();
      int count = width * tensor.height();
      double[] heat =
          IntStream.range(0, count)
              .mapToDouble(
                  i -> map.at((i % width + 0.5) / width, (i / width + 0.5) / tensor.height()))
              .toArray();
      double[] sorted = heat.clone();
      Arrays.sort(sorted);
      double least = sorted[(int) Math.round(count * (1 - HIDDEN))];
      float[] kept = new float[count];
      for (int i = 0; i < count; i++) {
        kept[i] = heat[i] >= least ? 0 : 1;
      }
      return kept;
    }

    double score(float[] kept) {
      try (Runner runner = model.session().borrow(shape)) {
        tensor.write(kept, runner.input());
        float[] scores = options(model).scores(runner.run());
        return scores[explanation.explained().index()];
      }
    }
  }
}
