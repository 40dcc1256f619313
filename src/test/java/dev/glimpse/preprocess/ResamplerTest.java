package dev.glimpse.preprocess;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.image.Pixels;
import dev.glimpse.image.Window;
import dev.glimpse.preprocess.Preprocessing.Size;
import dev.glimpse.support.Fixtures;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ResamplerTest {

  private static final byte[] RESIZED =
      Fixtures.bytes(Fixtures.RESOURCES.resolve("golden/resize/resized.rgb"));

  static List<Map<String, String>> golden() {
    return Fixtures.table("golden/resize/resize.tsv");
  }

  /** Allows no tolerance: Pillow uses integer arithmetic, and so does this. */
  @ParameterizedTest
  @MethodSource("golden")
  void equalsPillowExactly(Map<String, String> row) {
    byte[] resized = resize(row, whole(row));

    int offset = number(row, "offset");
    byte[] expected = Arrays.copyOfRange(RESIZED, offset, offset + number(row, "length"));
    assertThat(resized).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("golden")
  void windowEqualsThatPartOfTheWhole(Map<String, String> row) {
    Random random = new Random(number(row, "offset"));
    int width = number(row, "width");
    int height = number(row, "height");
    int x = random.nextInt(width);
    int y = random.nextInt(height);
    Window window = new Window(x, y, 1 + random.nextInt(width - x), 1 + random.nextInt(height - y));

    Pixels whole = new Pixels(width, height, resize(row, whole(row)));
    assertThat(resize(row, window))
        .isEqualTo(
            rgb(window, rows -> Resampler.crop(new PackedPixels(whole, false), window, rows)));
  }

  @Test
  void theSameSizeGivesTheSameImage() {
    Pixels source = new Pixels(2, 1, new byte[] {1, 2, 3, 4, 5, 6});
    for (Filter filter : Filter.values()) {
      assertThat(resize(source, 2, 1, filter, new Window(0, 0, 2, 1))).isEqualTo(source.rgb());
    }
  }

  /** Uses an image taller than a block of the first pass; each window divides it differently. */
  @Test
  void blockBoundariesDoNotAffectTheResult() {
    Random random = new Random(1);
    byte[] noise = new byte[7 * 1500 * 3];
    random.nextBytes(noise);
    Pixels source = new Pixels(7, 1500, noise);
    for (int height : new int[] {90, 700, 1500, 2000}) {
      Window all = new Window(0, 0, 5, height);
      Pixels whole = new Pixels(5, height, resize(source, 5, height, Filter.LANCZOS, all));
      for (int y = 0; y < height; y += height / 10) {
        Window window = new Window(1, y, 3, Math.min(height - y, height / 3));
        assertThat(resize(source, 5, height, Filter.LANCZOS, window))
            .as("%d rows from %d of %d", window.height(), y, height)
            .isEqualTo(
                rgb(window, rows -> Resampler.crop(new PackedPixels(whole, false), window, rows)));
      }
    }
  }

  private static byte[] resize(Map<String, String> row, Window window) {
    Pixels source =
        new Pixels(
            number(row, "source_width"),
            number(row, "source_height"),
            Fixtures.bytes(Fixtures.RESOURCES.resolve("golden/resize").resolve(row.get("source"))));
    return resize(
        source,
        number(row, "width"),
        number(row, "height"),
        Filter.ofPillow(number(row, "resample")),
        window);
  }

  private static byte[] resize(Pixels source, int width, int height, Filter filter, Window window) {
    PackedPixels pixels = new PackedPixels(source, false);
    Size to = new Size(width, height);
    return rgb(
        window, rows -> Resampler.resize(pixels, to, filter, Passes.PILLOW_12, window, rows));
  }

  private static byte[] rgb(Window window, Consumer<PixelRows> maker) {
    ByteBuffer rgb = ByteBuffer.allocate(window.width() * window.height() * 3);
    maker.accept((y, pixels) -> {
      assertThat(rgb.position()).isEqualTo(y * window.width() * 3);
      for (int pixel : pixels) {
        rgb.put((byte) pixel).put((byte) (pixel >> 8)).put((byte) (pixel >> 16));
      }
    });
    assertThat(rgb.hasRemaining()).isFalse();
    return rgb.array();
  }

  private static Window whole(Map<String, String> row) {
    return new Window(0, 0, number(row, "width"), number(row, "height"));
  }

  private static int number(Map<String, String> row, String column) {
    return Integer.parseInt(row.get(column));
  }
}
