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
 * score falls by more than when another fifth is hidden, which a random map chooses.
 */
class DeletionTest {

  private static final String PHOTOS = "photos/imagenet";

  private static final int RANDOM_MAPS = 5;
  private static final double HIDDEN = 0.2;

  @ParameterizedTest
  @CsvSource({
    "mobilenet-v2, CAM, 1",
    "squeezenet-1.1, CAM, 1",
    "mobilenet-v2-int8, CAM, 1",
    "mobilenet-v1-0.25-128, CAM, 1",
    "mobilenet-v2, RISE, 20",
    "squeezenet-1.1, RISE, 20",
    "mobilenet-v2-int8, RISE, 20",
    "mobilenet-v1-0.25-128, RISE, 20",
    "mobilenet-v2, OCCLUSION, 20",
    "squeezenet-1.1, OCCLUSION, 20",
    "mobilenet-v2-int8, OCCLUSION, 20",
    "mobilenet-v1-0.25-128, OCCLUSION, 20",
  })
  @EnabledIfExternalData({"models", PHOTOS})
  void theHottestFifthMattersMost(String name, Method method, int usual) throws IOException {
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
        PreparedImage image =
            PreparedImage.of(
                decoder,
                model,
                new ImageFile(Bytes.of(Files.readAllBytes(photos.get(i)))),
                workers.admit(Duration.ofMinutes(1)),
                System::nanoTime);
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
      assertThat(more).as("%s of %d", name, all).isGreaterThanOrEqualTo((int) Math.ceil(0.9 * all));
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

    /** The mean score with random fifths hidden, whose parts are as large as the map's. */
    double random(int seed) {
      SplittableRandom random = new SplittableRandom(seed);
      double sum = 0;
      for (int i = 0; i < RANDOM_MAPS; i++) {
        int side = Math.min(explanation.map().width(), 7);
        float[] values = new float[side * side];
        for (int k = 0; k < values.length; k++) {
          values[k] = (float) random.nextDouble();
        }
        sum += score(hidden(new ClassMap(side, side, values)));
      }
      return sum / RANDOM_MAPS;
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
