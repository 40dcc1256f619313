package dev.glimpse.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.glimpse.image.Pixels;
import dev.glimpse.preprocess.View;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeatMapTest {

  private static final View ALL = new View(0, 0, 1, 1);

  @Test
  void anImageIsWrittenAsItIs() throws IOException {
    byte[] rgb = new byte[33 * 17 * 3];
    new Random(1).nextBytes(rgb);

    BufferedImage read = read(PngFile.of(33, 17, rgb));

    assertThat(read.getWidth()).isEqualTo(33);
    assertThat(read.getHeight()).isEqualTo(17);
    for (int i = 0; i < 33 * 17; i++) {
      int expected =
          (rgb[3 * i] & 0xFF) << 16 | (rgb[3 * i + 1] & 0xFF) << 8 | rgb[3 * i + 2] & 0xFF;
      assertThat(read.getRGB(i % 33, i / 33) & 0xFFFFFF).isEqualTo(expected);
    }
  }

  @Test
  void theHottestPartIsTheMostYellow() throws IOException {
    BufferedImage drawn =
        read(new HeatMap(new ClassMap(2, 1, new float[] {-3, 5}), ALL).over(grey(100, 50), 100));

    assertThat(drawn.getRGB(2, 25) & 0xFF).isGreaterThan(drawn.getRGB(97, 25) & 0xFF); // blue
    assertThat(drawn.getRGB(97, 25) >> 16 & 0xFF).isGreaterThan(150); // red
  }

  @Test
  void whatTheModelDidNotSeeIsDarker() throws IOException {
    View middle = new View(0.25, 0, 0.75, 1);

    BufferedImage drawn =
        read(new HeatMap(new ClassMap(1, 1, new float[] {1}), middle).over(grey(80, 40), 80));

    assertThat(drawn.getRGB(19, 20) & 0xFFFFFF).isEqualTo(0x333333);
    assertThat(drawn.getRGB(20, 20) & 0xFFFFFF).isNotEqualTo(0x333333);
    assertThat(drawn.getRGB(60, 20) & 0xFFFFFF).isEqualTo(0x333333);
  }

  /** The centres of the four parts are at a quarter and three quarters. */
  @ParameterizedTest
  @CsvSource({
    "0.25, 0.25, 1",
    "0.75, 0.25, 2",
    "0.25, 0.75, 4",
    "0.75, 0.75, 8",
    "0, 0, 1",
    "1, 1, 8",
    "0.5, 0.25, 1.5",
    "0.5, 0.5, 3.75"
  })
  void numbersAreInterpolatedBetweenTheCentres(double x, double y, double expected) {
    assertThat(new ClassMap(2, 2, new float[] {1, 2, 4, 8}).at(x, y))
        .isCloseTo(expected, within(1e-9));
  }

  private static Pixels grey(int width, int height) {
    byte[] rgb = new byte[width * height * 3];
    Arrays.fill(rgb, (byte) 128);
    return new Pixels(width, height, rgb);
  }

  private static BufferedImage read(byte[] png) throws IOException {
    return ImageIO.read(new ByteArrayInputStream(png));
  }
}
