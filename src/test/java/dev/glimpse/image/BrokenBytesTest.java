package dev.glimpse.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.failure.ServingException;
import dev.glimpse.image.codecs.ImageCodecs;
import dev.glimpse.support.Configs;
import dev.glimpse.support.Fixtures;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Decodes or refuses files with changed bytes, and soon. */
class BrokenBytesTest {

  private static final int ROUNDS = 2_000;

  private final ImageDecoder decoder =
      new ImageDecoder(
          Configs.of(Map.of("glimpse.image.max-pixels", "1000000")), ImageCodecs.all());

  @ParameterizedTest
  @ValueSource(
      strings = {
        "palette-transparent.png",
        "interlaced-rgba.png",
        "gray-16bit.png",
        "still.gif",
        "animated.gif",
        "picture.bmp"
      })
  void changedBytesAreDecodedOrRefused(String name) {
    byte[] whole = Fixtures.image(name);
    Random random = new Random(name.hashCode());
    Assertions.assertTimeout(
        Duration.ofMinutes(1),
        () -> {
          for (int round = 0; round < ROUNDS; round++) {
            byte[] broken = whole.clone();
            // Most fields that matter lie at the start.
            int span = random.nextBoolean() ? Math.min(64, whole.length) : whole.length;
            for (int flips = random.nextInt(4); flips >= 0; flips--) {
              broken[random.nextInt(span)] = (byte) random.nextInt();
            }
            decodeOrRefuse(name.endsWith(".png") ? withRightChecksums(broken) : broken);
          }
        });
  }

  private void decodeOrRefuse(byte[] bytes) {
    try {
      Pixels pixels = decoder.decode(bytes);
      assertThat(pixels.rgb()).hasSize(pixels.width() * pixels.height() * 3);
    } catch (ServingException e) {
      assertThat(e.detail()).isNotBlank();
    }
  }

  /** Repairs the checksums, so that what they protect is tested too. */
  private static byte[] withRightChecksums(byte[] png) {
    ByteBuffer file = ByteBuffer.wrap(png);
    int at = 8;
    while (at + 12 <= png.length) {
      int length = file.getInt(at);
      if (length < 0 || length > png.length - at - 12) {
        break;
      }
      CRC32 crc = new CRC32();
      crc.update(png, at + 4, length + 4);
      file.putInt(at + 8 + length, (int) crc.getValue());
      at += 12 + length;
    }
    return png;
  }
}
