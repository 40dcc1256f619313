package dev.glimpse.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.glimpse.batch.WorkerPool;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.engine.Runner;
import dev.glimpse.image.ImageDecoder;
import dev.glimpse.image.Pixels;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.support.Configs;
import dev.glimpse.support.Fixtures;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Folders as Optimum leaves them, with no file of ours added, against transformers' own processors.
 * A wrong filter, mean or crop would change a score by twice the tolerance or more: the generator
 * sees to that.
 */
class ExportsTest {

  private static final double TOLERANCE = 0.01;
  private static final Path EXPORTS = Fixtures.RESOURCES.resolve("models-exports");
  private static final GlimpseConfig CONFIG =
      Configs.of(Map.of("glimpse.models.path", EXPORTS.toString()));
  private static final ImageDecoder DECODER = new ImageDecoder(CONFIG);

  private static TestRegistry registry;

  @BeforeAll
  static void load() {
    ServingMetrics metrics = new ServingMetrics(new SimpleMeterRegistry());
    registry = new TestRegistry(new WorkerPool(CONFIG), metrics, CONFIG);
  }

  @AfterAll
  static void close() {
    registry.close();
  }

  @Test
  void everyArchitectureAnswersAsTransformersDoesForOurPictures() {
    List<Map<String, String>> golden = Fixtures.table("golden/exports/pictures.tsv");
    assertThat(golden.stream().map(row -> row.get("model")).distinct())
        .contains("vit", "convnext", "resnet", "mobilenet_v2", "efficientnet", "swin")
        .containsExactlyInAnyOrderElementsOf(registry.models().names());
    compare(golden, Fixtures::image);
  }

  @Test
  void andForPhotos() {
    Path photos = Fixtures.asset("photos/imagenet").getParent().getParent();
    compare(
        Fixtures.table("golden/exports/photos.tsv"), name -> Fixtures.bytes(photos.resolve(name)));
  }

  private static void compare(
      List<Map<String, String>> golden, java.util.function.Function<String, byte[]> pictures) {
    Map<String, Double> largest = new TreeMap<>();
    for (Map<String, String> row : golden) {
      float[] scores = scores(row.get("model"), pictures.apply(row.get("image")));
      double[] expected =
          Arrays.stream(row.get("scores").split(",")).mapToDouble(Double::parseDouble).toArray();
      assertThat(scores).hasSameSizeAs(expected);
      for (int i = 0; i < expected.length; i++) {
        assertThat((double) scores[i])
            .as("%s, %s, class %d", row.get("model"), row.get("image"), i)
            .isCloseTo(expected[i], within(TOLERANCE));
        largest.merge(row.get("model"), Math.abs(scores[i] - expected[i]), Math::max);
      }
    }
    largest.forEach((model, difference) ->
        System.out.printf("%s: largest difference of a score %.6f%n", model, difference));
  }

  private static float[] scores(String name, byte[] picture) {
    Model model = registry.models().require(Optional.of(name), Optional.empty());
    try (Pixels pixels = DECODER.decode(picture, model.preprocessor()::scaleNeeded);
        Runner runner =
            model.session().borrow(model.preprocessor().shape(pixels.width(), pixels.height()))) {
      model.preprocessor().write(pixels, runner.input());
      return model.activation().apply(runner.run());
    }
  }
}
