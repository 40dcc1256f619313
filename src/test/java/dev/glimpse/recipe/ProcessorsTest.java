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

/** Compares each image processor with transformers' slow class; no element may differ at all. */
class ProcessorsTest {

  /** Has no slow class. */
  private static final String FAST_ONLY = "DINOv3ViT";

  @TempDir Path folder;

  static List<Map<String, String>> golden() {
    return Fixtures.table("golden/processors.tsv");
  }

  @ParameterizedTest
  @MethodSource("golden")
  void makesTheTensorsOfTransformers(Map<String, String> row) throws IOException {
    String json = row.get("recipe");
    Files.writeString(folder.resolve(ModelFolder.PREPROCESSOR), json);
    Recipe recipe = Recipe.read(new ModelFolder("test", 1, folder)).orElseThrow();
    Preprocessor preprocessor =
        new Preprocessor(
            recipe.steps(),
            new TensorFormat(
                recipe.channels().orElse(Channels.RGB), Layout.NCHW, ElementType.FLOAT32));
    row.forEach((size, expected) -> {
      if (!size.equals("recipe")) {
        String[] sides = size.split("x");
        Pixels image = PatternImage.of(Integer.parseInt(sides[0]), Integer.parseInt(sides[1]));
        assertThat(summary(preprocessor, image)).as("%s of %s", json, size).isEqualTo(expected);
      }
    });
  }

  private static String summary(Preprocessor preprocessor, Pixels image) {
    long[] shape = preprocessor.shape(image.width(), image.height());
    int elements = (int) (shape[1] * shape[2] * shape[3]);
    ByteBuffer tensor = ByteBuffer.allocate(elements * Float.BYTES).order(ByteOrder.nativeOrder());
    preprocessor.write(image, tensor);
    ByteBuffer little = ByteBuffer.allocate(tensor.capacity()).order(ByteOrder.LITTLE_ENDIAN);
    little.asFloatBuffer().put(tensor.flip().asFloatBuffer());
    CRC32 crc = new CRC32();
    crc.update(little);
    return "%d,%d,%08x".formatted(shape[2], shape[3], crc.getValue());
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
