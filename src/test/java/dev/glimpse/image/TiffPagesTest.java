package dev.glimpse.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.glimpse.bytes.ArrivingBytes;
import dev.glimpse.bytes.Bytes;
import dev.glimpse.bytes.NativeBlocks;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.image.codecs.ImageCodecs;
import dev.glimpse.support.Configs;
import dev.glimpse.support.Fixtures;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Pages of a TIFF file are those of Pillow's {@code seek}. */
class TiffPagesTest {

  private static final byte[] FILE = Fixtures.bytes(Fixtures.TIFF_PAGES);

  private final ImageDecoder decoder = new ImageDecoder(Configs.defaults(), ImageCodecs.all());

  static List<Map<String, String>> pages() {
    return Fixtures.table("golden/odd/pages.tsv");
  }

  @ParameterizedTest
  @MethodSource("pages")
  void eachPageHasPillowsPixels(Map<String, String> row) {
    int page = Integer.parseInt(row.get("page"));
    String expected = row.get("width") + "×" + row.get("height") + " " + row.get("crc32");
    byte[] file = FILE.clone();

    assertThat(pixels(Bytes.of(file), page)).as("on the heap").isEqualTo(expected);
    assertThat(file).as("its bytes, which belong to the request").isEqualTo(FILE);
    NativeBlocks blocks = new NativeBlocks(1 << 20);
    ArrivingBytes arriving = new ArrivingBytes(blocks, 0);
    arriving.append(ByteBuffer.wrap(new byte[ArrivingBytes.FIRST_BYTES]));
    arriving.append(ByteBuffer.wrap(file));
    try (Bytes body = arriving.take()) {
      Bytes part = body.slice(ArrivingBytes.FIRST_BYTES, file.length);
      assertThat(part.isNative()).isTrue();
      assertThat(pixels(part, page)).as("in native memory").isEqualTo(expected);
      assertThat(part.toArray()).isEqualTo(FILE);
    }
  }

  @Test
  void aPageBeyondTheLastIsAWrongParameter() {
    ServingException refusal = refusal(FILE, 4);

    assertThat(refusal.failure()).isEqualTo(Failure.INVALID_PARAMETER);
    assertThat(refusal).hasMessageContaining("must be from 0 to 3, as the TIFF image has 4 pages");
    assertThat(refusal(Fixtures.image("picture.tif"), 1))
        .hasMessageContaining("must be 0, as the TIFF image has 1 page");
  }

  @ParameterizedTest
  @CsvSource({"red.jpg, JPEG", "scene.png, PNG", "animated.gif, GIF", "picture.bmp, BMP"})
  void otherFormatsHaveOnePage(String file, String format) {
    ServingException refusal = refusal(Fixtures.image(file), 1);

    assertThat(refusal.failure()).isEqualTo(Failure.INVALID_PARAMETER);
    assertThat(refusal)
        .hasMessageContaining(
            "must be 0, as only TIFF images have pages, and this is a %s image".formatted(format));
  }

  /** Big-endian, of one black and one white pixel; the second page's directory is the last. */
  @Test
  void pagesOfABigEndianFileAreFound() {
    ByteBuffer file = twoPages(0);

    assertThat(pixels(Bytes.of(file.array()), 0)).startsWith("1×1");
    assertThat(decoder.decode(new ImageFile(Bytes.of(file.array()), 1), (w, h) -> 1).pixel(0, 0))
        .isEqualTo(0xFFFFFF);
  }

  @Test
  void aPageThatComesAgainEndsTheFile() {
    assertThat(refusal(twoPages(8).array(), 2))
        .hasMessageContaining("must be from 0 to 1, as the TIFF image has 2 pages");
  }

  @ParameterizedTest
  @CsvSource({"5000", "-5", "2147483647"})
  void aPageOutsideOfTheFileIsCorrupt(int next) {
    assertThat(refusal(twoPages(next).array(), 3).failure()).isEqualTo(Failure.UNREADABLE_IMAGE);
    assertThat(pixels(Bytes.of(twoPages(next).array()), 1)).startsWith("1×1");
  }

  /** Each directory has no tags, and takes six bytes. */
  @Test
  void millionsOfPagesAreNotCounted() {
    ByteBuffer file = ByteBuffer.allocate(6_000_008).order(ByteOrder.BIG_ENDIAN);
    file.putInt(0x4D4D002A).putInt(8);
    while (file.remaining() >= 6) {
      file.putShort((short) 0).putInt(file.position() + 4);
    }

    assertThat(refusal(file.array(), 999_999))
        .hasMessageContaining("must be below 65536, the most pages that are read of a TIFF image");
  }

  private static ByteBuffer twoPages(int afterTheSecond) {
    int[][] tags = {{256, 1}, {257, 1}, {258, 8}, {259, 1}, {262, 1}, {273, 0}, {277, 1}, {279, 1}};
    int length = 2 + 12 * tags.length + 4;
    ByteBuffer file = ByteBuffer.allocate(8 + 2 * length + 2).order(ByteOrder.BIG_ENDIAN);
    file.putInt(0x4D4D002A).putInt(8);
    for (int page = 0; page < 2; page++) {
      file.putShort((short) tags.length);
      for (int[] tag : tags) {
        int value = tag[0] == 273 ? 8 + 2 * length + page : tag[1]; // the place of its pixel
        file.putShort((short) tag[0]).putShort((short) 4).putInt(1).putInt(value);
      }
      file.putInt(page == 0 ? 8 + length : afterTheSecond);
    }
    return file.put((byte) 0).put((byte) 0xFF);
  }

  private ServingException refusal(byte[] file, int page) {
    ImageFile image = new ImageFile(Bytes.of(file), page);
    ServingException refusal =
        catchThrowableOfType(ServingException.class, () -> decoder.decode(image, (w, h) -> 1));
    assertThat(
            catchThrowableOfType(
                ServingException.class, () -> decoder.estimateNanos(image, (w, h) -> 1)))
        .hasMessage(refusal.getMessage());
    return refusal;
  }

  private String pixels(Bytes file, int page) {
    try (Pixels pixels = decoder.decode(new ImageFile(file, page), (w, h) -> 1)) {
      CRC32 crc = new CRC32();
      crc.update(pixels.rgb());
      return "%d×%d %08x".formatted(pixels.width(), pixels.height(), crc.getValue());
    }
  }
}
