package dev.glimpse.preprocess;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.image.Pixels;
import dev.glimpse.support.Fixtures;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ResamplerTest {

  private static final byte[] RESIZED =
      Fixtures.bytes(Fixtures.RESOURCES.resolve("golden/resize/resized.rgb"));

  static List<Map<String, String>> golden() {
    return Fixtures.table("golden/resize/resize.tsv");
  }

  /** The tolerance is 0: Pillow's arithmetic is integer arithmetic, and so is ours. */
  @ParameterizedTest
  @MethodSource("golden")
  void equalsPillowToTheBit(Map<String, String> row) {
    Pixels resized = resize(row, whole(row));

    int offset = number(row, "offset");
    byte[] expected = Arrays.copyOfRange(RESIZED, offset, offset + number(row, "length"));
    assertThat(resized.rgb()).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("golden")
  void aWindowIsThatPartOfTheWhole(Map<String, String> row) {
    Random random = new Random(number(row, "offset"));
    int width = number(row, "width");
    int height = number(row, "height");
    int x = random.nextInt(width);
    int y = random.nextInt(height);
    Window window = new Window(x, y, 1 + random.nextInt(width - x), 1 + random.nextInt(height - y));

    assertThat(resize(row, window).rgb())
        .isEqualTo(Resampler.crop(resize(row, whole(row)), window).rgb());
  }

  @Test
  void theSameSizeIsTheSamePicture() {
    Pixels source = new Pixels(2, 1, new byte[] {1, 2, 3, 4, 5, 6});
    for (Filter filter : Filter.values()) {
      assertThat(Resampler.resize(source, 2, 1, filter, new Window(0, 0, 2, 1)).rgb())
          .isEqualTo(source.rgb());
    }
  }

  private static Pixels resize(Map<String, String> row, Window window) {
    Pixels source =
        new Pixels(
            number(row, "source_width"),
            number(row, "source_height"),
            Fixtures.bytes(Fixtures.RESOURCES.resolve("golden/resize").resolve(row.get("source"))));
    return Resampler.resize(
        source,
        number(row, "width"),
        number(row, "height"),
        Filter.ofPillow(number(row, "resample")),
        window);
  }

  private static Window whole(Map<String, String> row) {
    return new Window(0, 0, number(row, "width"), number(row, "height"));
  }

  private static int number(Map<String, String> row, String column) {
    return Integer.parseInt(row.get(column));
  }
}
