package dev.glimpse.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.bytes.Bytes;
import dev.glimpse.image.codecs.ImageCodecs;
import dev.glimpse.support.Configs;
import dev.glimpse.workers.WorkerPool;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** Estimates how long images of a million pixels keep a worker busy. */
class DecodingTimeTest {

  private static final int SIDE = 1000;

  private final ImageDecoder decoder = new ImageDecoder(Configs.of(Map.of()), ImageCodecs.all());

  @Test
  void pngTakesLongByWhatItsFileHolds() throws IOException {
    assertThat(WorkerPool.isLong(nanos("png", false))).as("of one colour").isFalse();
    assertThat(WorkerPool.isLong(nanos("png", true))).as("of noise").isTrue();
  }

  @Test
  void largeFileThatIsNotCompressedTakesLittle() throws IOException {
    assertThat(WorkerPool.isLong(nanos("bmp", true))).isFalse();
  }

  private long nanos(String format, boolean noise) throws IOException {
    BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(1);
    for (int i = 0; noise && i < SIDE * SIDE; i++) {
      image.setRGB(i % SIDE, i / SIDE, random.nextInt());
    }
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    assertThat(ImageIO.write(image, format, file)).isTrue();
    return decoder.estimateNanos(new ImageFile(Bytes.of(file.toByteArray())), (width, height) -> 1);
  }
}
