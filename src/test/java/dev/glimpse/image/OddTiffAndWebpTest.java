package dev.glimpse.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.image.codecs.ImageCodecs;
import dev.glimpse.image.webp.WebpCodec;
import dev.glimpse.support.Configs;
import dev.glimpse.support.EnabledIfExternalData;
import dev.glimpse.support.Fixtures;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Decodes unusual TIFF and WebP files to the same bytes as Pillow, or refuses them. */
class OddTiffAndWebpTest {

  /** Files that Pillow reads and Glimpse does not, by the kind that the 415 names. */
  private static final Map<String, Set<String>> UNSUPPORTED_KINDS =
      Map.ofEntries(
          Map.entry(
              "with 32 bits per sample",
              Set.of(
                  "10ct_32bit_128.tiff",
                  "16_bit_binary_pgm.tiff",
                  "tiff/float.tif",
                  "tiff/grey-32-bit.tif")),
          Map.entry("with 12 bits per sample", Set.of("12bit.cropped.tif", "tiff/12-bit-grey.tif")),
          Map.entry("with signed or floating-point samples", Set.of("16bit.s.tif")),
          Map.entry(
              "with JPEG inside",
              Set.of(
                  "child_ifd.tiff",
                  "hopper_jpg.tif",
                  "old-style-jpeg-compression-no-samplesperpixel.tif",
                  "old-style-jpeg-compression.tif",
                  "pil168.tif",
                  "tiff_strip_cmyk_jpeg.tif",
                  "tiff_strip_ycbcr_jpeg_1x1_sampling.tif",
                  "tiff_strip_ycbcr_jpeg_2x2_sampling.tif",
                  "tiff_tiled_cmyk_jpeg.tif",
                  "tiff_tiled_ycbcr_jpeg_1x1_sampling.tif",
                  "tiff_tiled_ycbcr_jpeg_2x2_sampling.tif",
                  "tiff/jpeg-inside.tif",
                  "tiff/ycbcr-jpeg-inside.tif")),
          Map.entry(
              "with fax compression (CCITT)",
              Set.of(
                  "compression.tif",
                  "g4-fillorder-test.tif",
                  "g4-multi.tiff",
                  "g4_orientation_1.tif",
                  "g4_orientation_2.tif",
                  "g4_orientation_3.tif",
                  "g4_orientation_4.tif",
                  "g4_orientation_5.tif",
                  "g4_orientation_6.tif",
                  "g4_orientation_7.tif",
                  "g4_orientation_8.tif",
                  "hopper_g4.tif",
                  "hopper_g4_500.tif",
                  "pport_g4.tif",
                  "total-pages-zero.tif",
                  "tiff/fax-group-3.tif",
                  "tiff/fax-group-4.tif")),
          Map.entry(
              "in L*a*b*", Set.of("hopper.Lab.tif", "lab-green.tif", "lab-red.tif", "lab.tif")),
          Map.entry(
              "with 64-bit offsets (BigTIFF)", Set.of("hopper_bigtiff.tif", "tiff/bigtiff.tif")),
          Map.entry("with compression 34925", Set.of("hopper_lzma.tif", "tiff/lzma.tif")));

  /** Refused as truncated, since the data of a plane end early; Pillow decodes it. */
  private static final String SHORT_PLANE = "separate_planar_extra_samples.tiff";

  /** Larger than the default limit; Pillow refuses it too. */
  private static final String TOO_LARGE = "tiff/broken-too-large.tif";

  /** Pillow reads planes of 16 bits as if they had 8; these are the pixels that were drawn. */
  private static final Map<String, String> DRAWN_PIXELS =
      Map.of("tiff/planes-16-bit.tif", "e6cf0e43");

  private final ImageDecoder decoder = new ImageDecoder(Configs.defaults(), ImageCodecs.all());

  static List<Map<String, String>> drawnTiff() {
    return Fixtures.table("golden/odd/drawn-tiff.tsv");
  }

  static List<Map<String, String>> drawnWebp() {
    return Fixtures.table("golden/odd/drawn-webp.tsv");
  }

  static List<Map<String, String>> tiff() {
    return Fixtures.table("golden/odd/tiff.tsv");
  }

  static List<Map<String, String>> webp() {
    return Fixtures.table("golden/odd/webp.tsv");
  }

  @ParameterizedTest
  @MethodSource("drawnTiff")
  void everyKindOfTiffIsDecodedAsByPillow(Map<String, String> row) {
    check(Fixtures.ODD_IMAGES, row.get("image"), row);
  }

  @ParameterizedTest
  @MethodSource("drawnWebp")
  void everyKindOfWebpIsDecodedAsByPillow(Map<String, String> row) {
    Assumptions.assumeTrue(new WebpCodec().isAvailable(), "libwebp is not installed");
    check(Fixtures.ODD_IMAGES, row.get("image"), row);
  }

  @ParameterizedTest
  @MethodSource("tiff")
  @EnabledIfExternalData("odd-images")
  void everyTiffIsDecodedAsByPillow(Map<String, String> row) {
    check(Fixtures.asset("odd-images/pillow"), row.get("image"), row);
  }

  /** Covers lossy files too: libwebp 1.2.4 and 1.6.0 gave the same bytes. */
  @ParameterizedTest
  @MethodSource("webp")
  @EnabledIfExternalData("odd-images")
  void everyWebpIsDecodedAsByPillow(Map<String, String> row) {
    Assumptions.assumeTrue(new WebpCodec().isAvailable(), "libwebp is not installed");
    check(Fixtures.asset("odd-images/pillow"), row.get("image"), row);
  }

  private void check(Path folder, String name, Map<String, String> row) {
    byte[] bytes = Fixtures.bytes(folder.resolve(name));
    for (Map.Entry<String, Set<String>> kind : UNSUPPORTED_KINDS.entrySet()) {
      if (kind.getValue().contains(name)) {
        ServingException e = refused(bytes);
        assertThat(e.failure()).isEqualTo(Failure.UNSUPPORTED_MEDIA_TYPE);
        assertThat(e.detail()).contains(kind.getKey());
        return;
      }
    }
    if (name.equals(SHORT_PLANE)) {
      assertThat(refused(bytes).failure()).isEqualTo(Failure.UNREADABLE_IMAGE);
    } else if (name.equals(TOO_LARGE)) {
      assertThat(refused(bytes).failure()).isEqualTo(Failure.TOO_LARGE);
    } else if (row.get("crc32").equals("refused")) {
      assertThat(refused(bytes).failure())
          .isIn(Failure.UNSUPPORTED_MEDIA_TYPE, Failure.UNREADABLE_IMAGE);
    } else {
      Pixels pixels = decoder.decode(bytes);
      assertThat(pixels.width()).isEqualTo(Integer.parseInt(row.get("width")));
      assertThat(pixels.height()).isEqualTo(Integer.parseInt(row.get("height")));
      CRC32 crc = new CRC32();
      crc.update(pixels.rgb());
      assertThat("%08x".formatted(crc.getValue()))
          .isEqualTo(DRAWN_PIXELS.getOrDefault(name, row.get("crc32")));
    }
  }

  private ServingException refused(byte[] bytes) {
    ServingException e = catchThrowableOfType(ServingException.class, () -> decoder.decode(bytes));
    assertThat(e).as("is decoded").isNotNull();
    assertThat(e.detail()).endsWith(".").doesNotContain("Exception", "null");
    return e;
  }
}
