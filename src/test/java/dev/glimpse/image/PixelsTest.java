package dev.glimpse.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PixelsTest {

  /** Two pixels wide and three high; pixel n has red 10n, green 10n + 1, blue 10n + 2. */
  private static final Pixels STORED = new Pixels(2, 3, numbered(6));

  private static byte[] numbered(int pixels) {
    byte[] rgb = new byte[pixels * 3];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (10 * (i / 3) + i % 3);
    }
    return rgb;
  }

  // Stored:   0 1
  //           2 3
  //           4 5
  @ParameterizedTest
  @CsvSource({
    "UPRIGHT,      2, 0 1 2 3 4 5",
    "MIRRORED,     2, 1 0 3 2 5 4",
    "TURNED_180,   2, 5 4 3 2 1 0",
    "FLIPPED,      2, 4 5 2 3 0 1",
    "TRANSPOSED,   3, 0 2 4 1 3 5",
    "TURNED_RIGHT, 3, 4 2 0 5 3 1",
    "TRANSVERSED,  3, 5 3 1 4 2 0",
    "TURNED_LEFT,  3, 1 3 5 0 2 4"
  })
  void turns(Orientation orientation, int width, String order) {
    Pixels turned = STORED.oriented(orientation);

    assertThat(turned.width()).isEqualTo(width);
    assertThat(turned.height()).isEqualTo(6 / width);
    String[] expected = order.split(" ");
    int[] pixel = new int[1];
    for (int i = 0; i < expected.length; i++) {
      int n = 10 * Integer.parseInt(expected[i]);
      int packed = n | (n + 1) << 8 | (n + 2) << 16;
      assertThat(turned.pixel(i % width, i / width)).isEqualTo(packed);
      turned.row(i % width, i / width, 1, pixel);
      assertThat(pixel[0]).isEqualTo(packed);
      turned.column(i % width, i / width, 1, pixel);
      assertThat(pixel[0]).isEqualTo(packed);
    }
    for (int y = 0; y < turned.height(); y++) {
      int[] row = new int[width];
      turned.row(0, y, width, row);
      for (int x = 0; x < width; x++) {
        int[] column = new int[turned.height()];
        turned.column(x, 0, column.length, column);
        assertThat(row[x]).isEqualTo(turned.pixel(x, y)).isEqualTo(column[y]);
      }
    }
  }

  @Test
  void turnedTwiceIsAsItWas() {
    assertThat(STORED.oriented(Orientation.TURNED_RIGHT).oriented(Orientation.TURNED_LEFT).rgb())
        .isEqualTo(STORED.rgb())
        .isEqualTo(numbered(6));
  }

  @Test
  void releasesItsMemoryOnceAndCannotBeReadAfterwards() {
    AtomicInteger released = new AtomicInteger();
    Pixels pixels = new Pixels(2, 3, ByteBuffer.wrap(numbered(6)), released::incrementAndGet);
    pixels.close();
    pixels.close();

    assertThat(released).hasValue(1);
    assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> pixels.pixel(0, 0));
  }

  @Test
  void refusesAWrongNumberOfSamples() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Pixels(2, 2, numbered(6)));
  }
}
