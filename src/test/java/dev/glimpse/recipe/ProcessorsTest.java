package dev.glimpse.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.glimpse.image.Pixels;
import dev.glimpse.preprocess.Channels;
import dev.glimpse.preprocess.ElementType;
import dev.glimpse.preprocess.Layout;
import dev.glimpse.preprocess.Preprocessor;
import dev.glimpse.preprocess.TensorFormat;
import dev.glimpse.repository.ModelFolder;
import dev.glimpse.support.Fixtures;
import dev.glimpse.support.PatternImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compares each image processor with transformers' slow class, of which no element may differ at
 * all, and with its fast class, which scales as PyTorch does.
 */
class ProcessorsTest {

  /** Has no slow class. */
  private static final String FAST_ONLY = "DINOv3ViT";

  /** In grey levels: PyTorch rounds the weights of its filters to fewer bits than Pillow does. */
  private static final double FAST_TOLERANCE = 2.01;

  @TempDir Path folder;

  static List<Map<String, String>> golden() {
    return Fixtures.table("golden/processors.tsv");
  }

  @ParameterizedTest
  @MethodSource("golden")
  void makesTheTensorsOfTransformers(Map<String, String> row) throws IOException {
    String json = row.get("recipe");
    Files.writeString(folder.resolve(ModelFolder.PREPROCESSOR), json);
    Preprocessor preprocessor = preprocessor();
    row.forEach((size, expected) -> {
      if (!size.equals("recipe")) {
        String[] sides = size.split("x");
        Pixels image = PatternImage.of(Integer.parseInt(sides[0]), Integer.parseInt(sides[1]));
        assertThat(summary(preprocessor, image)).as("%s of %s", json, size).isEqualTo(expected);
      }
    });
  }

  static List<Map<String, String>> fast() {
    return Fixtures.table("golden/processors-fast.tsv");
  }

  @ParameterizedTest
  @MethodSource("fast")
  void isCloseToTheFastClass(Map<String, String> row) throws IOException {
    Files.writeString(folder.resolve(ModelFolder.PREPROCESSOR), row.get("recipe"));
    int width = Integer.parseInt(row.get("from_width"));
    int height = Integer.parseInt(row.get("from_height"));
    Preprocessor preprocessor = preprocessor();

    assertThat(preprocessor.shape(width, height))
        .containsExactly(1, 3, Long.parseLong(row.get("height")), Long.parseLong(row.get("width")));
    FloatBuffer tensor = tensor(preprocessor, PatternImage.of(width, height)).asFloatBuffer();
    ByteBuffer expected =
        ByteBuffer.wrap(Fixtures.bytes(Fixtures.RESOURCES.resolve("golden/processors-fast.f32")))
            .order(ByteOrder.LITTLE_ENDIAN);
    double level = Double.parseDouble(row.get("level"));
    int stride = Integer.parseInt(row.get("stride"));
    int at = Integer.parseInt(row.get("offset"));
    double largest = 0;
    for (int i = 0, k = at; i < tensor.capacity(); i += stride, k++) {
      double difference = Math.abs(tensor.get(i) - expected.getFloat(k * Float.BYTES));
      largest = Math.max(largest, difference / level);
    }
    assertThat(largest).as("grey levels").isLessThan(FAST_TOLERANCE);
  }

  private Preprocessor preprocessor() {
    Recipe recipe = Recipe.read(new ModelFolder("test", 1, folder)).orElseThrow();
    return new Preprocessor(
        recipe.steps(),
        new TensorFormat(recipe.channels().orElse(Channels.RGB), Layout.NCHW, ElementType.FLOAT32));
  }

  private static String summary(Preprocessor preprocessor, Pixels image) {
    long[] shape = preprocessor.shape(image.width(), image.height());
    ByteBuffer little =
        ByteBuffer.allocate(elements(shape) * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    little.asFloatBuffer().put(tensor(preprocessor, image).asFloatBuffer());
    CRC32 crc = new CRC32();
    crc.update(little);
    return "%d,%d,%08x".formatted(shape[2], shape[3], crc.getValue());
  }

  private static ByteBuffer tensor(Preprocessor preprocessor, Pixels image) {
    int elements = elements(preprocessor.shape(image.width(), image.height()));
    ByteBuffer tensor = ByteBuffer.allocate(elements * Float.BYTES).order(ByteOrder.nativeOrder());
    preprocessor.write(image, tensor);
    return tensor.flip();
  }

  private static int elements(long[] shape) {
    return (int) (shape[1] * shape[2] * shape[3]);
  }

  @Test
  void everyClassIsCompared() throws IOException {
    Set<String> read = new TreeSet<>(Set.of(FAST_ONLY));
    for (Map<String, String> row : golden()) {
      read.add(
          new ObjectMapper()
              .readTree(row.get("recipe"))
              .iterator()
              .next()
              .textValue()
              .replaceAll("(ImageProcessor|FeatureExtractor)$", ""));
    }
    Set<String> known = new TreeSet<>();
    new ObjectMapper()
        .readTree(Path.of("src/main/resources/image-processors.json").toFile())
        .path("read")
        .fieldNames()
        .forEachRemaining(known::add);
    assertThat(read).isEqualTo(known);
  }
}
