package dev.glimpse.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Letterboxes as Ultralytics does with OpenCV: the same place, and grey levels that differ by one.
 */
class LetterboxTest {

  private static final String FOLDER = "golden/resize-methods/";

  private static final String CONFIG =
      """
      {"do_resize": true, "resize_method": "opencv-linear", "do_rescale": false, "do_normalize": false,
       "letterbox": {"height": 32, "width": 32, "color": 114}}\
      """;

  private static final byte[] EXPECTED =
      Fixtures.bytes(Fixtures.RESOURCES.resolve(FOLDER + "letterbox.rgb"));

  @TempDir Path folder;

  static List<Map<String, String>> golden() {
    return Fixtures.table(FOLDER + "letterbox.tsv");
  }

  @ParameterizedTest
  @MethodSource("golden")
  void isWithinOneGreyLevelOfUltralytics(Map<String, String> row) throws IOException {
    Files.writeString(folder.resolve(ModelFolder.PREPROCESSOR), CONFIG);
    Recipe recipe = Recipe.read(new ModelFolder("test", 1, folder)).orElseThrow();
    Preprocessor preprocessor =
        new Preprocessor(
            recipe.steps(), new TensorFormat(Channels.RGB, Layout.NHWC, ElementType.FLOAT32));
    int width = Integer.parseInt(row.get("from_width"));
    int height = Integer.parseInt(row.get("from_height"));
    int offset = Integer.parseInt(row.get("offset"));
    ByteBuffer tensor =
        ByteBuffer.allocate(32 * 32 * 3 * Float.BYTES).order(ByteOrder.nativeOrder());
    preprocessor.write(PatternImage.of(width, height), tensor);
    FloatBuffer levels = tensor.flip().asFloatBuffer();
    for (int i = 0; i < levels.capacity(); i++) {
      assertThat(levels.get(i)).as("byte %d", i).isCloseTo(EXPECTED[offset + i] & 0xFF, within(1f));
    }
  }
}
