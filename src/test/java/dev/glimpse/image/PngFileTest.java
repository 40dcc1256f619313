package dev.glimpse.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Random;
import java.util.zip.Deflater;
import javax.imageio.ImageIO;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PngFileTest {

  @ParameterizedTest
  @ValueSource(ints = {Deflater.BEST_SPEED, Deflater.BEST_COMPRESSION})
  void anImageIsWrittenAsItIs(int level) throws IOException {
    byte[] rgb = new byte[33 * 17 * 3];
    new Random(1).nextBytes(rgb);

    BufferedImage read = ImageIO.read(new ByteArrayInputStream(PngFile.of(33, 17, rgb, level)));

    assertThat(read.getWidth()).isEqualTo(33);
    assertThat(read.getHeight()).isEqualTo(17);
    for (int i = 0; i < 33 * 17; i++) {
      int expected =
          (rgb[3 * i] & 0xFF) << 16 | (rgb[3 * i + 1] & 0xFF) << 8 | rgb[3 * i + 2] & 0xFF;
      assertThat(read.getRGB(i % 33, i / 33) & 0xFFFFFF).isEqualTo(expected);
    }
  }
}
