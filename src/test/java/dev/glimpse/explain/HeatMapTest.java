package dev.glimpse.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.glimpse.image.Pixels;
import dev.glimpse.preprocess.View;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeatMapTest {

  private static final View ALL = new View(0, 0, 1, 1);

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
