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
import dev.glimpse.pipeline.PredictionListeners;
import dev.glimpse.postprocess.Classification;
import dev.glimpse.registry.TestRegistry;
import dev.glimpse.support.Configs;
import dev.glimpse.support.EnabledIfExternalData;
import dev.glimpse.support.Fixtures;
import dev.glimpse.support.NoRedis;
import dev.glimpse.support.TestRequest;
import dev.glimpse.workers.WorkerPool;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A photo that a camera has stored turned, in any of eight ways, is the same photo to a model. */
class StoredOrientationsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "422-640x427.jpg",
        "420-large-1024x768.jpg",
        "420-tall-250x900.jpg",
        "420-odd-size-501x333.jpg"
      })
  void everyOneHasTheSameBestClass(String name) throws Exception {
    assertSameBestClass(Fixtures.PHOTOS.resolve(name), Fixtures.RANDOM_MODELS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0000.jpg", "0010.jpg", "0655.jpg"})
  @EnabledIfExternalData({"photos/imagenet", "models/mobilenet-v2"})
  void everyOneOfARealPhotoHasTheSameBestClass(String name) throws Exception {
    assertSameBestClass(Fixtures.asset("photos/imagenet").resolve(name), Fixtures.asset("models"));
  }

  private static void assertSameBestClass(Path file, Path models) throws Exception {
    BufferedImage photo = ImageIO.read(new ByteArrayInputStream(Fixtures.bytes(file)));
    GlimpseConfig config = Configs.of(Map.of("glimpse.models.path", models.toString()));
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
      List<Classification> best =
          IntStream.rangeClosed(1, 8).mapToObj(i -> best(classifier, stored(photo, i))).toList();

      assertThat(best).extracting(Classification::label).containsOnly(best.get(0).label());
    }
  }

  /** A JPEG whose pixels are turned so that its EXIF orientation turns them back. */
  private static byte[] stored(BufferedImage photo, int orientation) {
    boolean transposed = orientation > 4;
    int width = transposed ? photo.getHeight() : photo.getWidth();
    int height = transposed ? photo.getWidth() : photo.getHeight();
    BufferedImage turned = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
    for (int y = 0; y < photo.getHeight(); y++) {
      for (int x = 0; x < photo.getWidth(); x++) {
        int right = photo.getWidth() - 1 - x;
        int below = photo.getHeight() - 1 - y;
        int rgb = photo.getRGB(x, y);
        switch (orientation) {
          case 2 -> turned.setRGB(right, y, rgb);
          case 3 -> turned.setRGB(right, below, rgb);
          case 4 -> turned.setRGB(x, below, rgb);
          case 5 -> turned.setRGB(y, x, rgb);
          case 6 -> turned.setRGB(y, right, rgb);
          case 7 -> turned.setRGB(below, right, rgb);
          case 8 -> turned.setRGB(below, x, rgb);
          default -> turned.setRGB(x, y, rgb);
        }
      }
    }
    return withExif(jpeg(turned), orientation);
  }

  private static byte[] jpeg(BufferedImage image) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "jpg", out);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return out.toByteArray();
  }

  private static byte[] withExif(byte[] jpeg, int orientation) {
    ByteBuffer out = ByteBuffer.allocate(jpeg.length + 36);
    out.put(jpeg, 0, 2).putShort((short) 0xFFE1).putShort((short) 34);
    out.putInt(0x45786966).putShort((short) 0); // "Exif"
    out.putInt(0x4D4D002A).putInt(8).putShort((short) 1); // big-endian, a directory of one entry
    out.putShort((short) 0x0112).putShort((short) 3).putInt(1);
    out.putShort((short) orientation).putShort((short) 0).putInt(0);
    return out.put(jpeg, 2, jpeg.length - 2).array();
  }

  private static Classification best(Classifier classifier, byte[] photo) {
    ClassificationRequest question =
        new ClassificationRequest(
            Bytes.of(photo),
            Optional.of("mobilenet-v2"),
            Optional.empty(),
            ClassificationOptions.ofTopK(1));
    try {
      return classifier
          .classify(new TestRequest<>(question))
          .toCompletableFuture()
          .get()
          .classifications()
          .get(0);
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    }
  }
}
