package dev.glimpse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.bytes.Bytes;
import dev.glimpse.cache.ResultCache;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.image.ImageDecoder;
import dev.glimpse.image.codecs.ImageCodecs;
import dev.glimpse.memory.RequestMemory;
import dev.glimpse.metrics.CacheMetrics;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.pipeline.ClassificationOptions;
import dev.glimpse.pipeline.ClassificationRequest;
import dev.glimpse.pipeline.ClassificationResult;
import dev.glimpse.pipeline.PredictionListeners;
import dev.glimpse.registry.TestRegistry;
import dev.glimpse.support.Configs;
import dev.glimpse.support.EnabledIfExternalData;
import dev.glimpse.support.Fixtures;
import dev.glimpse.support.NoRedis;
import dev.glimpse.support.TestRequest;
import dev.glimpse.workers.WorkerPool;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models on photos, against the Python reference: random networks of our own, and real ones. */
class ReferenceModelsTest {

  private static final String REAL_PHOTOS = "photos/imagenet";

  @ParameterizedTest
  @CsvSource({
    "mobilenet-v2, exact, 0.001",
    "mobilenet-v2-int8, exact, 0.001",
    "mobilenet-v1-128, exact, 0.001",
    "mobilenet-v1-uint8-nhwc, exact, 0.001",
    "squeezenet, exact, 0.001",
    "squeezenet-float16-bgr, exact, 0.01",
    "mobilenet-v2, fast, 0.02",
    "mobilenet-v2-int8, fast, 0.02",
    "mobilenet-v1-128, fast, 0.02",
    "squeezenet, fast, 0.02",
  })
  void aRandomNetworkAnswersAsTheReferenceDoes(String model, String decode, double tolerance)
      throws Exception {
    String table = "golden/random/" + model + ".tsv";
    compare(Fixtures.RANDOM_MODELS, model, decode, Fixtures.PHOTOS, table, 30, tolerance);
  }

  /**
   * @param decode how: both give the reference's answers on photos of half a megapixel
   * @param sameTop1 photos of 200 on which the best class has to be the reference's
   * @param tolerance how far its score may then be from the reference's
   */
  @ParameterizedTest
  @CsvSource({
    "mobilenet-v2, exact, 200, 0.001",
    "squeezenet-1.1, exact, 200, 0.001",
    "mobilenet-v2-int8, exact, 200, 0.001",
    "mobilenet-v1-0.25-128, exact, 200, 0.001",
    "mobilenet-v2, fast, 199, 0.02",
    "squeezenet-1.1, fast, 199, 0.02",
    "mobilenet-v2-int8, fast, 199, 0.02",
    "mobilenet-v1-0.25-128, fast, 199, 0.02",
  })
  @EnabledIfExternalData({"models", REAL_PHOTOS})
  void aRealModelAnswersAsTheReferenceDoes(
      String model, String decode, int sameTop1, double tolerance) throws Exception {
    compareOnRealPhotos(Fixtures.asset("models"), model, decode, sameTop1, tolerance);
  }

  /**
   * As its makers left it: float16 in and out, blue first, and dimensions of 1 behind the classes.
   * One grey level moves its scores as it does those of squeezenet-1.1, and they are rounded to 11
   * bits.
   */
  @Test
  @EnabledIfExternalData({"models-odd", "models/squeezenet-1.1", REAL_PHOTOS})
  void float16AndBlueFirst(@TempDir Path repository) throws Exception {
    Path folder = Files.createDirectories(repository.resolve("squeezenet-fp16-bgr"));
    Files.copy(Fixtures.asset("models-odd/squeezenet-fp16-bgr.onnx"), folder.resolve("model.onnx"));
    Files.copy(Fixtures.asset("models/squeezenet-1.1/config.json"), folder.resolve("config.json"));
    Files.writeString(
        folder.resolve("preprocessor_config.json"),
        """
        {"do_resize": true, "size": {"shortest_edge": 256}, "resample": 2,
         "do_center_crop": true, "crop_size": 224, "do_rescale": false,
         "do_normalize": true, "image_mean": [123, 117, 104], "image_std": 1,
         "do_flip_channel_order": true}
        """);
    compareOnRealPhotos(repository, "squeezenet-fp16-bgr", "exact", 198, 0.02);
  }

  private static void compareOnRealPhotos(
      Path models, String model, String decode, int sameTop1, double tolerance) throws Exception {
    String table = "golden/imagenet/" + model + ".tsv";
    Path photos = Fixtures.asset(REAL_PHOTOS);
    compare(models, model, decode, photos, table, sameTop1, tolerance);
  }

  private static void compare(
      Path models,
      String model,
      String decode,
      Path photos,
      String table,
      int sameTop1,
      double tolerance)
      throws Exception {
    GlimpseConfig config =
        Configs.of(
            Map.of("glimpse.models.path", models.toString(), "glimpse.image.decode", decode));
    ServingMetrics metrics = new ServingMetrics(new SimpleMeterRegistry());
    WorkerPool workers = new WorkerPool(config);
    try (TestRegistry registry = new TestRegistry(workers, metrics, config)) {
      Classifier classifier =
          new Classifier(
              workers,
              registry.models(),
              new ImageDecoder(config, ImageCodecs.all()),
              new ResultCache(config, new CacheMetrics(new SimpleMeterRegistry())),
              NoRedis.results(config),
              metrics,
              new RequestMemory(config),
              new PredictionListeners(List.of()));
      int same = 0;
      double largest = 0;
      List<Map<String, String>> rows = Fixtures.table(table);
      for (Map<String, String> row : rows) {
        byte[] photo = Fixtures.bytes(photos.resolve(row.get("file")));
        ClassificationResult answer =
            classifier
                .classify(new TestRequest<>(question(photo, model)))
                .toCompletableFuture()
                .get();
        String[] expected = row.get("top1").split(":");
        var best = answer.classifications().get(0);
        if (best.index() == Integer.parseInt(expected[0])) {
          same++;
          largest = Math.max(largest, Math.abs(best.score() - Double.parseDouble(expected[1])));
        }
      }
      System.out.printf(
          "%s, %s: the same top-1 on %d of %d photos, largest difference of its score %.4f%n",
          model, decode, same, rows.size(), largest);
      assertThat(same).isGreaterThanOrEqualTo(sameTop1);
      assertThat(largest).isLessThanOrEqualTo(tolerance);
    }
  }

  private static ClassificationRequest question(byte[] photo, String model) {
    return new ClassificationRequest(
        Bytes.of(photo), Optional.of(model), Optional.empty(), ClassificationOptions.ofTopK(1));
  }
}
