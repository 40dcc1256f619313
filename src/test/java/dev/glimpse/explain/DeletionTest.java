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
import dev.glimpse.pipeline.ClassificationOptions;
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
import java.io.UncheckedIOException;
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
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Hides the fifth of a photo that a map shows as the hottest. If the map is right, the class's
 * score falls by more than when another fifth of the same shape is hidden, at a random place.
 */
class DeletionTest {

  private static final String PHOTOS = "photos/imagenet";

  private static final int RANDOM_PLACES = Integer.getInteger("deletion.places", 10);
  private static final double HIDDEN = 0.2;

  /** A class with such a score was recognized. */
  private static final double SURE = 0.5;

  /** The least share of photos of which the hottest fifth has to matter more than others. */
  private static final Map<String, Double> SHARES =
      Map.of(
          "mobilenet-v2", 0.88,
          "squeezenet-1.1", 0.92,
          "mobilenet-v2-int8", 0.88,
          "mobilenet-v1-0.25-128", 0.65); // of 4×4 parts, and a model that is often unsure

  /**
   * Every fourth photo and activation maps. All photos and methods, which take the better part of
   * an hour: {@code ./mvnw test -Dtest=DeletionTest -DargLine="-Ddeletion.every=1
   * -Ddeletion.methods=cam,occlusion,rise"}.
   */
  static Stream<Arguments> cases() {
    String methods = System.getProperty("deletion.methods", "cam");
    String models = System.getProperty("deletion.models", String.join(",", SHARES.keySet()));
    return Arrays.stream(models.split(","))
        .sorted()
        .flatMap(model ->
            Arrays.stream(methods.split(","))
                .map(method ->
                    Arguments.of(model, Method.valueOf(method.toUpperCase(Locale.ROOT)))));
  }

  @ParameterizedTest
  @MethodSource("cases")
  @EnabledIfExternalData({"models", PHOTOS})
  void theHottestFifthMattersMost(String name, Method method) throws IOException {
    int every = Integer.getInteger("deletion.every", 4);
    GlimpseConfig config =
        Configs.of(Map.of("glimpse.models.path", Fixtures.asset("models").toString()));
    WorkerPool workers = new WorkerPool(config);
    ImageDecoder decoder = new ImageDecoder(config, ImageCodecs.all());
    ServingMetrics metrics = new ServingMetrics(new SimpleMeterRegistry());
    try (TestRegistry registry = new TestRegistry(workers, metrics, config)) {
      Model model = registry.models().require(Optional.of(name), Optional.empty());
      List<Path> photos = photos();
      List<Deleted> all =
          IntStream.range(0, photos.size())
              .filter(i -> i % every == 0)
              .parallel()
              .mapToObj(
                  i -> deleted(model, method, prepared(photos.get(i), model, decoder, workers), i))
              .toList();
      report(name, method, all);
      long more = all.stream().filter(Deleted::moreThanOthers).count();
      assertThat((double) more / all.size())
          .as("%d of %d", more, all.size())
          .isGreaterThanOrEqualTo(SHARES.get(name));
    }
  }

  private static List<Path> photos() throws IOException {
    try (Stream<Path> files = Files.list(Fixtures.asset(PHOTOS))) {
      return files
          .filter(file -> file.toString().toLowerCase(Locale.ROOT).matches(".*\\.jpe?g"))
          .sorted()
          .toList();
    }
  }

  /**
   * The score of a photo's best class, as it is, without the hottest fifth, and on average without
   * another one.
   */
  private record Deleted(double score, double hottest, double others) {
    boolean moreThanOthers() {
      return hottest < others;
    }
  }

  private static Deleted deleted(Model model, Method method, PreparedImage image, int seed) {
    Deletion deletion = new Deletion(model, image, explain(model, method, image));
    return new Deleted(deletion.score(), deletion.score(deletion.hottest()), deletion.random(seed));
  }

  private static void report(String name, Method method, List<Deleted> all) {
    List<Deleted> sure = all.stream().filter(one -> one.score() >= SURE).toList();
    System.out.printf(
        "%s, %s: %d of %d, and %d of the %d with a score of %s or more; the score falls by %.3f on"
            + " average, and by %.3f without another fifth%n",
        name,
        method,
        all.stream().filter(Deleted::moreThanOthers).count(),
        all.size(),
        sure.stream().filter(Deleted::moreThanOthers).count(),
        sure.size(),
        SURE,
        all.stream().mapToDouble(one -> one.score() - one.hottest()).average().orElse(0),
        all.stream().mapToDouble(one -> one.score() - one.others()).average().orElse(0));
  }

  private static PreparedImage prepared(
      Path photo, Model model, ImageDecoder decoder, WorkerPool workers) {
    ImageFile image = new ImageFile(Bytes.of(read(photo)));
    try (Permit permit = workers.admit(Duration.ofMinutes(1))) {
      return PreparedImage.of(decoder, model, image, permit, System::nanoTime);
    }
  }

  private static byte[] read(Path photo) {
    try {
      return Files.readAllBytes(photo);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Explanation explain(Model model, Method method, PreparedImage image) {
    ResultOptions options = options(model);
    if (method == Method.CAM) {
      FeatureGraph graph = model.featureGraph().orElseThrow().open().join();
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
    return ResultOptions.of(ClassificationOptions.NONE, model);
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
