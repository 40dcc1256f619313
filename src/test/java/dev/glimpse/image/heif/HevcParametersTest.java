package dev.glimpse.image.heif;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glimpse.image.UnreadableImage;
import java.nio.ByteBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HevcParametersTest {

  /**
   * Blocks of 8 to 64 pixels and transforms of 4 to 32, as most encoders write; then those at the
   * limits.
   */
  @ParameterizedTest
  @CsvSource({"64, 48, 0, 3, 0, 3, 4, 4", "64, 48, 1, 0, 0, 2, 1, 2", "48, 64, 0, 0, 1, 0, 0, 0"})
  void possibleBlocksAreRead(
      int width,
      int height,
      int smallest,
      int more,
      int transform,
      int moreTransform,
      int inter,
      int intra) {
    HevcParameters sps =
        sps(0, false, width, height, smallest, more, transform, moreTransform, inter, intra);

    assertThat(sps.shownWidth()).isEqualTo(width);
    assertThat(sps.shownHeight()).isEqualTo(height);
    assertThat(sps.depth()).isEqualTo(8);
    assertThatCode(sps::requireBlocks).doesNotThrowAnyException();
  }

  /** libde265 writes a line to the standard error for each of these. */
  @ParameterizedTest
  @CsvSource({
    "60, 48, 0, 3, 0, 3, 4, 4", // not a number of blocks
    "64, 44, 0, 3, 0, 3, 4, 4",
    "64, 48, 0, 3, 2, 0, 0, 0", // transforms of 16 in blocks of 8
    "64, 48, 0, 3, 0, 4, 0, 0", // transforms of 64
    "64, 48, 0, 1, 0, 3, 0, 0", // transforms of 32 in blocks of 16
    "64, 48, 0, 3, 0, 3, 5, 0", // more divisions than there are sizes
    "64, 48, 0, 3, 0, 3, 0, 5",
    "64, 64, 0, 4, 0, 3, 0, 0", // blocks of 128
    "0, 0, 1000000, 0, 0, 0, 0, 0"
  })
  void impossibleBlocksAreRefused(
      int width,
      int height,
      int smallest,
      int more,
      int transform,
      int moreTransform,
      int inter,
      int intra) {
    HevcParameters sps =
        sps(0, false, width, height, smallest, more, transform, moreTransform, inter, intra);

    assertThatThrownBy(sps::requireBlocks).isInstanceOf(UnreadableImage.class);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void fieldsOfLayersAreSkipped(boolean described) {
    HevcParameters sps = sps(3, described, 64, 48, 0, 3, 0, 2, 4, 3);

    assertThat(sps.blocks()).isEqualTo(new HevcParameters.Blocks(3, 6, 2, 4, 4));
  }

  /** Writes a set of parameters of 4:2:0 and 8 bits, whose last fields these are. */
  private static HevcParameters sps(
      int layers, boolean described, int width, int height, int... blocks) {
    StringBuilder bits = new StringBuilder("0000");
    bits.append("%3s".formatted(Integer.toBinaryString(layers)).replace(' ', '0')).append('0');
    bits.append("1".repeat(96)); // the profile
    bits.append("10".repeat(layers)); // which have a profile and no level
    bits.append("0".repeat(layers > 0 ? 2 * (8 - layers) : 0)).append("1".repeat(88 * layers));
    golomb(bits, 0, 1, width, height);
    bits.append('0'); // nothing is cropped
    golomb(bits, 0, 0, 4);
    bits.append(described ? '1' : '0');
    for (int i = 0; i < (described ? layers + 1 : 1); i++) {
      golomb(bits, 4, 0, 0);
    }
    golomb(bits, blocks);
    ByteBuffer bytes = ByteBuffer.allocate(bits.length() / 8 + 1);
    for (int i = 0; i < bits.length(); i++) {
      int bit = (bits.charAt(i) - '0') << (7 - i % 8);
      bytes.put(i / 8, (byte) (bytes.get(i / 8) | bit));
    }
    return HevcParameters.read(bytes);
  }

  private static void golomb(StringBuilder bits, int... values) {
    for (int value : values) {
      String code = Integer.toBinaryString(value + 1);
      bits.append("0".repeat(code.length() - 1)).append(code);
    }
  }
}
