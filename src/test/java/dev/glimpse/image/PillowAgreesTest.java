package dev.glimpse.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.image.codecs.ImageCodecs;
import dev.glimpse.support.Configs;
import dev.glimpse.support.EnabledIfExternalData;
import dev.glimpse.support.Fixtures;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Decodes of 900 unusual images what Pillow decodes, in the same size, and refuses the rest. */
class PillowAgreesTest {

  /** Deliberate differences from Pillow, by path, and why; an unused entry fails the test. */
  private static final Map<String, String> EXCEPTIONS = new LinkedHashMap<>();

  static {
    EXCEPTIONS.put(
        "pillow/apng/chunk_no_fctl\\.png",
        "its animation is corrupt, and we decode the default image only");
    EXCEPTIONS.put(
        "pillow/png_decompression_dos\\.png",
        "its text inflates to a large size, and we do not read text");
    EXCEPTIONS.put(
        "pillow/unknown_compression_method\\.png",
        "a colour profile's compression; we do not read the profile");
    EXCEPTIONS.put(
        "pillow/separate_planar_extra_samples\\.tiff",
        "its second plane is empty, and Pillow decodes it");
    EXCEPTIONS.put("pngsuite/xcsn0g01\\.png", "a wrong checksum, which Pillow ignores");
  }

  /** The same for the images drawn for the tests. */
  private static final Map<String, String> DRAWN_EXCEPTIONS = new LinkedHashMap<>();

  static {
    DRAWN_EXCEPTIONS.put(
        "jpeg/broken-cut-in-scan-with-end-marker\\.jpg", "Pillow shows the missing part as grey");
    DRAWN_EXCEPTIONS.put("jpeg/broken-segment-length-1\\.jpg", "Pillow skips to the next marker");
    DRAWN_EXCEPTIONS.put(
        "jpeg/end-marker-missing\\.jpg", "all pixels are present, and Pillow requires the marker");
    DRAWN_EXCEPTIONS.put("png/broken-chunk-length-negative\\.png", "Pillow decodes what follows");
    DRAWN_EXCEPTIONS.put("png/broken-chunk-longer-than-file\\.png", "Pillow decodes what follows");
    DRAWN_EXCEPTIONS.put("png/broken-palette-missing\\.png", "Pillow assumes a palette of greys");
    DRAWN_EXCEPTIONS.put(
        "png/broken-pixels-checksum\\.png", "a wrong checksum, which Pillow does not verify");
    DRAWN_EXCEPTIONS.put(
        "png/broken-pixels-too-few\\.png", "Pillow shows the missing part as black");
  }

  private final ImageDecoder decoder = new ImageDecoder(Configs.defaults(), ImageCodecs.all());

  @Test
  void decodesTheSameDrawnImagesAsPillow() {
    compare(Fixtures.ODD_IMAGES, "golden/odd/drawn-all.tsv", DRAWN_EXCEPTIONS);
  }

  @Test
  @EnabledIfExternalData("odd-images")
  void decodesTheSameImagesOfOtherSuitesAsPillow() {
    compare(Fixtures.asset("odd-images"), "golden/odd/pillow.tsv", EXCEPTIONS);
  }

  private void compare(Path folder, String table, Map<String, String> exceptions) {
    Assumptions.assumeTrue(
        decoder.decoderOf("JPEG").startsWith("TurboJPEG"),
        "libjpeg-turbo is not installed, and ImageIO reads fewer JPEGs");
    Map<String, String> differences = new TreeMap<>();
    Set<String> needed = new LinkedHashSet<>();
    for (Map<String, String> row : Fixtures.table(table)) {
      String file = row.get("file");
      Trial trial = Trial.of(decoder, Fixtures.bytes(folder.resolve(file)));
      trial.assertHarmless(file, 50_000_000, 2000);
      String ours =
          trial.pixels().map(p -> p.width() + "x" + p.height()).orElse("" + trial.status());
      boolean decoded = row.get("outcome").equals("decoded");
      String theirs = decoded ? row.get("width") + "x" + row.get("height") : row.get("outcome");
      if (row.get("format").equals("TIFF") && trial.status() == 415) {
        continue; // a kind of TIFF that is not supported; OddTiffAndWebpTest names each
      }
      boolean same =
          decoded && ReadFormats.contain(row.get("format"))
              ? ours.equals(theirs)
              : trial.refusal().isPresent();
      if (!same) {
        exceptions.keySet().stream()
            .filter(file::matches)
            .findFirst()
            .ifPresentOrElse(
                needed::add, () -> differences.put(file, theirs + ", but we: " + ours));
      }
    }
    assertThat(differences).as("file, Pillow's result and ours").isEmpty();
    assertThat(needed).as("exceptions that are needed").isEqualTo(exceptions.keySet());
  }

  @ParameterizedTest
  @ValueSource(strings = {"landscape", "portrait"})
  void everyOrientationHasTheSameSize(String name) {
    assertSameSize(Fixtures.ODD_IMAGES.resolve("jpeg"), name + "-orientation-");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Landscape_", "Portrait_"})
  @EnabledIfExternalData("odd-images/exif-orientation-examples")
  void everyOrientationOfARealPhotoHasTheSameSize(String name) {
    assertSameSize(Fixtures.asset("odd-images/exif-orientation-examples"), name);
  }

  private void assertSameSize(Path folder, String name) {
    Pixels upright = decoder.decode(Fixtures.bytes(folder.resolve(name + "1.jpg")));
    for (int orientation = 2; orientation <= 8; orientation++) {
      String file = name + orientation + ".jpg";
      Pixels turned = decoder.decode(Fixtures.bytes(folder.resolve(file)));
      assertThat(turned.width()).as(file).isEqualTo(upright.width());
      assertThat(turned.height()).as(file).isEqualTo(upright.height());
    }
  }
}
