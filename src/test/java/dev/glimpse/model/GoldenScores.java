package dev.glimpse.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.glimpse.bytes.Bytes;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.engine.Runner;
import dev.glimpse.image.ImageDecoder;
import dev.glimpse.image.Pixels;
import dev.glimpse.image.codecs.ImageCodecs;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.registry.TestRegistry;
import dev.glimpse.support.Configs;
import dev.glimpse.workers.WorkerPool;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** A repository whose every score is known. */
final class GoldenScores implements AutoCloseable {

  private static final double TOLERANCE = 0.01;

  private final ImageDecoder decoder;
  private final TestRegistry registry;

  GoldenScores(Path repository) {
    GlimpseConfig config = Configs.of(Map.of("glimpse.models.path", repository.toString()));
    this.decoder = new ImageDecoder(config, ImageCodecs.all());
    ServingMetrics metrics = new ServingMetrics(new SimpleMeterRegistry());
    this.registry = new TestRegistry(new WorkerPool(config), metrics, config);
  }

  List<String> models() {
    return registry.models().names();
  }

  Model model(String name) {
    return registry.models().require(Optional.of(name), Optional.empty());
  }

  /**
   * Every class's score of every row has to be within a hundredth; prints the largest difference.
   */
  void compare(List<Map<String, String>> golden, Function<String, byte[]> images) {
    Map<String, Double> largest = new TreeMap<>();
    for (Map<String, String> row : golden) {
      float[] scores = scores(model(row.get("model")), images.apply(row.get("image")));
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

  private float[] scores(Model model, byte[] image) {
    try (Pixels pixels = decoder.decode(Bytes.of(image), model.preprocessor()::scaleNeeded);
        Runner runner =
            model.session().borrow(model.preprocessor().shape(pixels.width(), pixels.height()))) {
      model.preprocessor().write(pixels, runner.input());
      return model.activation().apply(runner.run());
    }
  }

  @Override
  public void close() {
    registry.close();
  }
}
