package dev.glimpse.image.png;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.image.ImageDecoder;
import dev.glimpse.image.Orientation;
import dev.glimpse.image.codecs.ImageCodecs;
import dev.glimpse.support.Configs;
import dev.glimpse.support.Fixtures;
import java.nio.ByteBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Turns a PNG by its eXIf chunk, wherever the chunk lies. */
class PngOrientationTest {

  private static final int AFTER_HEADER = 8 + 25;
  private static final int END_CHUNK = 12;

  private final ImageDecoder decoder = new ImageDecoder(Configs.defaults(), ImageCodecs.all());

  @ParameterizedTest
  @CsvSource({"6, TURNED_RIGHT", "8, TURNED_LEFT", "1, UPRIGHT", "9, UPRIGHT", "2, MIRRORED"})
  void isReadBeforeAndAfterThePixels(int value, Orientation orientation) {
    byte[] stored = Fixtures.image("scene.png");
    byte[] expected = decoder.decode(stored).oriented(orientation).rgb();

    assertThat(decoder.decode(withExif(stored, AFTER_HEADER, value)).rgb()).isEqualTo(expected);
    assertThat(decoder.decode(withExif(stored, stored.length - END_CHUNK, value)).rgb())
        .isEqualTo(expected);
  }

  private static byte[] withExif(byte[] png, int at, int orientation) {
    ByteBuffer out = ByteBuffer.allocate(png.length + 12 + 26);
    out.put(png, 0, at).putInt(26).putInt(0x65584966); // "eXIf"
    out.putInt(0x4D4D002A).putInt(8).putShort((short) 1); // big-endian, a directory of one entry
    out.putShort((short) 0x0112).putShort((short) 3).putInt(1);
    out.putShort((short) orientation).putShort((short) 0).putInt(0);
    out.putInt(0).put(png, at, png.length - at);
    return PngParts.withRightChecksums(out.array());
  }
}
