package dev.glimpse.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.failure.ServingException;
import dev.glimpse.image.codecs.ImageCodecs;
import dev.glimpse.support.Configs;
import dev.glimpse.support.EnabledIfExternalData;
import dev.glimpse.support.Fixtures;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** PNG, GIF and BMP come out to the byte as Pillow reads them, but for what is listed here. */
class OddImagesTest {

  private static final String REFUSED = "refused";

  /** Deliberate differences from Pillow: our result, and why. */
  private static final Map<String, String> DIFFERENCES =
      Map.ofEntries(
          // A wrong checksum of a chunk of pixels, which Pillow ignores.
          Map.entry("pngsuite/xcsn0g01.png", REFUSED),
          Map.entry("png/broken-pixels-checksum.png", REFUSED),
          // Pillow shows missing rows as black, and a missing palette as greys.
          Map.entry("png/broken-pixels-too-few.png", REFUSED),
          Map.entry("png/broken-palette-missing.png", REFUSED),
          // Corrupt after the header. Pillow decodes as many pixels as it finds.
          Map.entry("png/broken-chunk-longer-than-file.png", REFUSED),
          Map.entry("png/broken-chunk-length-negative.png", REFUSED),
          // Pillow compares the transparent shade of 4 bits, or colour of 16, with samples of 8.
          Map.entry("png/transparent-grey-4-bit.png", "32×32 bcce08fd"),
          Map.entry("png/transparent-rgb-16-bit.png", "32×32 92f1579f"),
          // The animation is corrupt; we decode the default image.
          Map.entry("pillow/apng/chunk_no_fctl.png", "128×64 84e3c29e"),
          // A text too large for Pillow, and a profile with a compression that it does not know:
          // we read neither.
          Map.entry("pillow/png_decompression_dos.png", "1×1 ff41d912"),
          Map.entry("pillow/unknown_compression_method.png", "57×57 37967ff7"),
          // Their orientation is in a text chunk, which we do not read.
          Map.entry("pillow/exif_imagemagick_orientation.png", "512×512 31f4ba61"),
          Map.entry("pillow/xmp_tags_orientation.png", "326×268 2b9f2f6d"),
          Map.entry("pillow/xmp_tags_orientation_exiftool.png", "10×10 03e4e147"),
          // 16-bit grey with a transparent shade, which the reference ignores and we lay over
          // white.
          Map.entry("pillow/i_trns.png", "64×64 c4cdbc86"),
          // Pillow drops the last pixel of an odd run of 4-bit pixels. The first is the same image
          // as pal4.bmp.
          Map.entry("pillow/bmp/g/pal4rle.bmp", "127×64 288e4371"),
          Map.entry("pillow/bmp/q/pal4rletrns.bmp", "127×64 079d8a45"),
          // Rows that are too long: we cut all of them, Pillow continues some in the next row.
          Map.entry("pillow/bmp/b/badrle.bmp", "127×64 de5a8e63"));

  private final ImageDecoder decoder = new ImageDecoder(Configs.defaults(), ImageCodecs.all());

  static List<Map<String, String>> drawn() {
    return Fixtures.table("golden/odd/drawn.tsv");
  }

  static List<Map<String, String>> drawnOfEveryKind() {
    return Fixtures.table("golden/odd/drawn-lossless.tsv");
  }

  static List<Map<String, String>> suites() {
    return Fixtures.table("golden/odd/assets.tsv");
  }

  @ParameterizedTest
  @MethodSource("drawn")
  void ourOwnImagesAreExact(Map<String, String> row) {
    assertThat(answer(Fixtures.image(row.get("image")))).isEqualTo(expected(row));
  }

  @ParameterizedTest
  @MethodSource("drawnOfEveryKind")
  void everyKindIsExactOrRefused(Map<String, String> row) {
    byte[] bytes = Fixtures.bytes(Fixtures.ODD_IMAGES.resolve(row.get("image")));
    assertThat(answer(bytes)).isEqualTo(required(row));
  }

  @ParameterizedTest
  @MethodSource("suites")
  @EnabledIfExternalData("odd-images")
  void imagesOfOtherDecodersSuitesAreExactOrRefused(Map<String, String> row) {
    Path file = Fixtures.asset("odd-images").resolve(row.get("image"));
    assertThat(answer(Fixtures.bytes(file))).isEqualTo(required(row));
  }

  @Test
  void corruptFilesOfPngSuiteAreAllRefused() {
    assertThat(suites())
        .filteredOn(row -> row.get("image").startsWith("pngsuite/x"))
        .hasSize(14)
        .allSatisfy(row -> assertThat(required(row)).isEqualTo(REFUSED));
  }

  private static String required(Map<String, String> row) {
    return DIFFERENCES.getOrDefault(row.get("image"), expected(row));
  }

  private static String expected(Map<String, String> row) {
    String crc = row.get("crc32");
    return crc.equals(REFUSED) ? crc : row.get("width") + "×" + row.get("height") + " " + crc;
  }

  private String answer(byte[] bytes) {
    try {
      Pixels pixels = decoder.decode(bytes);
      CRC32 crc = new CRC32();
      crc.update(pixels.rgb());
      return "%d×%d %08x".formatted(pixels.width(), pixels.height(), crc.getValue());
    } catch (ServingException e) {
      return REFUSED;
    }
  }
}
