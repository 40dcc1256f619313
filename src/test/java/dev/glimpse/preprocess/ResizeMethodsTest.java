package dev.glimpse.preprocess;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.image.Window;
import dev.glimpse.preprocess.Preprocessing.Size;
import dev.glimpse.support.Fixtures;
import dev.glimpse.support.PatternImage;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares resizing with versions of Pillow, with OpenCV and with TensorFlow. */
class ResizeMethodsTest {

  private static final String FOLDER = "golden/resize-methods/";

  private static final byte[] OPENCV =
      Fixtures.bytes(Fixtures.RESOURCES.resolve(FOLDER + "opencv.rgb"));

  private static final byte[] TENSORFLOW =
      Fixtures.bytes(Fixtures.RESOURCES.resolve(FOLDER + "tensorflow.rgb"));

  @ParameterizedTest
  @CsvSource({"pillow-12, PILLOW_12", "pillow-13, PILLOW_13"})
  void equalsEachVersionOfPillow(String table, Passes passes) {
    for (Map<String, String> row : Fixtures.table(FOLDER + table + ".tsv")) {
      byte[] resized = resize(row, Filter.ofPillow(number(row, "resample")), passes);
      CRC32 crc = new CRC32();
      crc.update(resized);
      assertThat("%08x".formatted(crc.getValue())).as("%s", row).isEqualTo(row.get("crc"));
    }
  }

  static List<Map<String, String>> opencv() {
    return Fixtures.table(FOLDER + "opencv.tsv");
  }

  /** OpenCV rounds once, this rounds between the passes too. */
  @ParameterizedTest
  @MethodSource("opencv")
  void isWithinOneGreyLevelOfOpenCv(Map<String, String> row) {
    Filter filter = Filter.valueOf(row.get("method").toUpperCase(Locale.ROOT));
    assertClose(resize(row, filter, Passes.PILLOW_12), OPENCV, number(row, "offset"));
  }

  static List<Map<String, String>> tensorflow() {
    return Fixtures.table(FOLDER + "tensorflow.tsv");
  }

  /** TensorFlow does not round at all. */
  @ParameterizedTest
  @MethodSource("tensorflow")
  void isWithinOneGreyLevelOfTensorFlow(Map<String, String> row) {
    assertClose(resize(row, Filter.LINEAR, Passes.PILLOW_12), TENSORFLOW, number(row, "offset"));
  }

  private static void assertClose(byte[] resized, byte[] expected, int offset) {
    for (int i = 0; i < resized.length; i++) {
      int difference = (resized[i] & 0xFF) - (expected[offset + i] & 0xFF);
      assertThat(Math.abs(difference)).as("byte %d", i).isLessThanOrEqualTo(1);
    }
  }

  private static byte[] resize(Map<String, String> row, Filter filter, Passes passes) {
    Size to = new Size(number(row, "width"), number(row, "height"));
    ByteBuffer rgb = ByteBuffer.allocate(to.width() * to.height() * 3);
    Resampler.resize(
        new PackedPixels(
            PatternImage.of(number(row, "from_width"), number(row, "from_height")), false),
        to,
        filter,
        passes,
        new Window(0, 0, to.width(), to.height()),
        (y, pixels) -> {
          for (int pixel : pixels) {
            rgb.put((byte) pixel).put((byte) (pixel >> 8)).put((byte) (pixel >> 16));
          }
        });
    assertThat(rgb.hasRemaining()).isFalse();
    return rgb.array();
  }

  private static int number(Map<String, String> row, String column) {
    return Integer.parseInt(row.get(column));
  }
}
