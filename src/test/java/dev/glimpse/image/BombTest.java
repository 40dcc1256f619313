package dev.glimpse.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.image.codecs.ImageCodecs;
import dev.glimpse.image.jpeg.JpegCodec;
import dev.glimpse.image.png.PngParts;
import dev.glimpse.support.Configs;
import dev.glimpse.support.Fixtures;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Decodes small files that demand much memory or time. */
class BombTest {

  /** The most that a refusal by the header, or a small image, may allocate. */
  private static final long ONE_MEGABYTE = 1 << 20;

  private final ImageDecoder decoder = new ImageDecoder(Configs.defaults(), ImageCodecs.all());

  /** Files that claim 30,000 × 30,000 pixels; for VP8 fewer, since its fields have 14 bits. */
  enum Bomb {
    PNG,
    JPEG,
    GIF_SCREEN,
    GIF_FRAME,
    BMP,
    WEBP_LOSSY,
    WEBP_LOSSLESS,
    WEBP_EXTENDED,
    TIFF;

    byte[] bytes() {
      return switch (this) {
        case PNG -> PngParts.file(30_000, 30_000, new byte[100]);
        case JPEG -> Fixtures.image("bomb.jpg");
        case GIF_SCREEN -> gif(30_000, 30_000, 10, 10);
        case GIF_FRAME -> gif(10, 10, 30_000, 30_000);
        case BMP ->
            HostileImages.little(64)
                .put("BM".getBytes(StandardCharsets.US_ASCII))
                .putInt(10, 54)
                .putInt(14, 40)
                .putInt(18, 30_000)
                .putInt(22, 30_000)
                .putShort(26, (short) 1)
                .putShort(28, (short) 24)
                .array();
        case WEBP_LOSSY ->
            webp(
                "VP8 ",
                new byte[] {0x10, 0, 0, (byte) 0x9D, 1, 0x2A, -1, 0x3F, -1, 0x3F, 0, 0, 0, 0});
        case WEBP_LOSSLESS -> webp("VP8L", new byte[] {0x2F, -1, -1, -1, 0x0F, 0, 0, 0, 0, 0});
        case WEBP_EXTENDED -> webp("VP8X", new byte[] {0, 0, 0, 0, 0x2F, 0x75, 0, 0x2F, 0x75, 0});
        case TIFF -> HostileImages.tiff();
      };
    }
  }

  @ParameterizedTest
  @EnumSource(Bomb.class)
  void aHugeImageIsRefusedByItsHeader(Bomb bomb) {
    byte[] bytes = bomb.bytes();
    Trial.of(decoder, bytes); // classes are loaded once

    Trial trial = Trial.of(decoder, bytes);

    trial.assertHarmless(bomb.name(), 0, 200);
    boolean read = ReadFormats.contain(bomb.name().replaceAll("_.*", ""));
    int refusal = bomb == Bomb.WEBP_EXTENDED ? 422 : 413; // an empty canvas
    assertThat(trial.status()).isEqualTo(read ? refusal : 415);
    assertThat(trial.allocated()).isLessThan(ONE_MEGABYTE);
  }

  @Test
  void anImageThatNeedsTooMuchMemoryIsRefused() {
    ImageDecoder small =
        new ImageDecoder(Configs.of(Map.of("glimpse.image.max-memory", "1M")), ImageCodecs.all());

    Trial trial =
        Trial.of(small, HostileImages.scans(1000, 3)); // 2 MB of coefficients, and 3 MB of pixels

    assertThat(trial.status()).isEqualTo(413);
    assertThat(trial.refusal().orElseThrow().detail())
        .isEqualTo(
            "Decoding the image needs %d MB of memory; at most 1 MB are allowed. Send a smaller image, or a JPEG that is not progressive, or raise glimpse.image.max-memory."
                .formatted(hasTurboJpeg() ? 6 : 7)); // ImageIO needs more besides the pixels
    assertThat(Trial.of(small, Fixtures.image("420.jpg")).status()).isEqualTo(200);
  }

  private static boolean hasTurboJpeg() {
    return new JpegCodec(true).implementation().startsWith("TurboJPEG");
  }

  @Test
  void dataThatInflateToGigabytesAreReadOnlyAsFarAsNeeded() {
    Trial trial = Trial.of(decoder, HostileImages.pngOfGigabytes());

    trial.assertHarmless("2 GB in IDAT", 100, 2000);
    assertThat(trial.allocated()).isLessThan(64 * ONE_MEGABYTE);
  }

  @Test
  void thousandsOfTinySegmentsAreSkipped() {
    byte[] photo = Fixtures.image("420.jpg");
    byte[] segment = {(byte) 0xFF, (byte) 0xE5, 0, 2};
    Trial trial = Trial.of(decoder, inserted(photo, segment, 100_000));

    trial.assertHarmless("100,000 segments", 1_000_000, 2000);
    assertThat(trial.allocated()).isLessThan(64 * ONE_MEGABYTE);
  }

  /** Each takes more memory as an object than it has bytes. */
  @Test
  void filesOfMillionsOfSmallParts() {
    byte[] segments =
        inserted(Fixtures.image("420.jpg"), new byte[] {(byte) 0xFF, (byte) 0xE1, 0, 2}, 2_500_000);
    byte[] chunks = webp("VP8X", new byte[10_000_000]);
    ByteBuffer.wrap(chunks).order(ByteOrder.LITTLE_ENDIAN).putInt(16, 0);

    for (byte[] file : List.of(segments, chunks)) {
      Trial trial = Trial.of(decoder, file);

      trial.assertHarmless("millions of parts", 1_000_000, 2000);
      assertThat(trial.status()).isIn(415, 422);
      assertThat(trial.allocated()).isLessThan(16 * ONE_MEGABYTE);
    }
  }

  /** All values of a tag were read where one was needed, 8 bytes for each byte of the file. */
  @Test
  void tiffTagsWithMillionsOfValues() {
    Trial trial = Trial.of(decoder, HostileImages.tiffOfLongTags());

    trial.assertHarmless("millions of values", 255 * 255, 2000);
    assertThat(trial.status()).isNotEqualTo(413);
    assertThat(trial.allocated()).isLessThan(ONE_MEGABYTE);
  }

  /** Tiles of one pixel, whose places are in two tags of a value for each. */
  @Test
  void tiffOfMillionsOfTiles() {
    int side = 2000;
    int[][] tags = {
      {256, 1, side},
      {257, 1, side},
      {258, 1, 8},
      {259, 1, 5}, // LZW
      {262, 1, 1},
      {277, 1, 1},
      {322, 1, 1},
      {323, 1, 1},
      {324, side * side, 200},
      {325, side * side, 200}
    };
    ByteBuffer file = HostileImages.little(200 + side * side);
    file.putShort((short) 0x4949).putShort((short) 42).putInt(8).putShort((short) tags.length);
    for (int[] tag : tags) {
      boolean bytes = tag[1] > 1;
      file.putShort((short) tag[0]).putShort((short) (bytes ? 1 : 4)).putInt(tag[1]).putInt(tag[2]);
    }

    Trial trial = Trial.of(decoder, file.array());

    trial.assertHarmless("millions of tiles", side * side, 2000);
    assertThat(trial.allocated()).isLessThan(32 * ONE_MEGABYTE);
  }

  @Test
  void anExifDirectoryThatPointsToItselfEnds() {
    byte[] segment = HostileImages.little(80).array();
    ByteBuffer exif = ByteBuffer.wrap(segment);
    exif.putShort((short) 0xFFE1).putShort((short) 78).putInt(0x45786966).putShort((short) 0);
    // Big-endian; the directory at 8 says 65,535 entries, and overlaps what it points to.
    exif.putInt(0x4D4D002A).putInt(8).putShort((short) 0xFFFF);
    exif.putShort((short) 0x8769).putShort((short) 4).putInt(1).putInt(8);

    Trial trial = Trial.of(decoder, inserted(Fixtures.image("420.jpg"), segment, 1000));

    trial.assertHarmless("cyclic EXIF", 1_000_000, 2000);
    assertThat(trial.status()).isEqualTo(200);
  }

  @Test
  void onlyOneOfTenThousandFramesIsDecoded() {
    byte[] one = gif(500, 500, 500, 500);
    byte[] frame = Arrays.copyOfRange(one, 13 + 6, one.length - 1);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.write(one, 0, one.length - 1);
    for (int i = 1; i < 10_000; i++) {
      all.writeBytes(frame);
    }
    all.write(';');

    Trial trial = Trial.of(decoder, all.toByteArray());

    trial.assertHarmless("10,000 frames", 250_000, 2000);
    assertThat(trial.allocated()).isLessThan(64 * ONE_MEGABYTE);
  }

  /** Every scan costs a pass over all pixels, and takes 11 bytes. */
  @ParameterizedTest
  @CsvSource({"1000, 501, 422", "7000, 21, 413", "7000, 5, 413", "1000, 16, 200", "7000, 4, 200"})
  void scansAreBoundedByWhatTheyCost(int side, int scans, int status) {
    Trial trial = Trial.of(decoder, HostileImages.scans(side, scans));

    trial.assertHarmless(scans + " scans", 49_000_000, status == 200 ? 5000 : 200);
    assertThat(trial.status()).isEqualTo(status);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PNG", "BMP"})
  void anImageOfOneLongLineIsRefused(String format) {
    byte[] bytes =
        format.equals("PNG")
            ? PngParts.file(1, 40_000_000, new byte[100])
            : ByteBuffer.wrap(Bomb.BMP.bytes())
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(18, 1)
                .putInt(22, 40_000_000)
                .array();
    Trial.of(decoder, bytes); // what is loaded for the first image of a format does not count
    Trial trial = Trial.of(decoder, bytes);

    assertThat(trial.status()).isEqualTo(413);
    assertThat(trial.allocated()).isLessThan(ONE_MEGABYTE);
  }

  private static byte[] inserted(byte[] jpeg, byte[] segment, int times) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(jpeg, 0, 2);
    for (int i = 0; i < times; i++) {
      out.writeBytes(segment);
    }
    out.write(jpeg, 2, jpeg.length - 2);
    return out.toByteArray();
  }

  private static byte[] gif(int width, int height, int frameWidth, int frameHeight) {
    ByteBuffer out = HostileImages.little(13 + 6 + 10 + 6);
    out.put("GIF89a".getBytes(StandardCharsets.US_ASCII));
    out.putShort((short) width).putShort((short) height).put(new byte[] {(byte) 0x80, 0, 0});
    out.put(HostileImages.filled(6, 7)).put((byte) 0x2C).putInt(0);
    out.putShort((short) frameWidth).putShort((short) frameHeight).put((byte) 0);
    return out.put(new byte[] {2, 2, 0x4C, 1, 0, ';'}).array();
  }

  private static byte[] webp(String chunk, byte[] data) {
    ByteBuffer out = HostileImages.little(20 + data.length);
    out.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(12 + data.length);
    out.put(("WEBP" + chunk).getBytes(StandardCharsets.US_ASCII)).putInt(data.length);
    return out.put(data).array();
  }
}
