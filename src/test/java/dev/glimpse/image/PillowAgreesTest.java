package dev.glimpse.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.Configs;
import dev.glimpse.support.Fixtures;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Nine hundred odd pictures: we decode what Pillow decodes, in the same size, and refuse the rest.
 */
class PillowAgreesTest {

  /** Where we answer otherwise than Pillow: paths, and why. What is not needed must go. */
  private static final Map<String, String> EXCEPTIONS = new LinkedHashMap<>();

  static {
    EXCEPTIONS.put(
        "libjpeg-turbo/testimages/testimgari\\.jpg",
        "arithmetic coding, which ImageIO does not read");
    EXCEPTIONS.put(
        "pillow/apng/chunk_no_fctl\\.png",
        "its animation is broken, and we read the still picture only");
    EXCEPTIONS.put(
        "pillow/bmp/b/badpalettesize\\.bmp",
        "Pillow refuses its palette's size, and ImageIO does not mind");
    EXCEPTIONS.put(
        "pillow/bmp/(g/rgb32bf|q/rgb16-231|q/rgb32-111110|q/rgba16-4444)\\.bmp",
        "Pillow refuses these bit masks, and ImageIO reads them");
    EXCEPTIONS.put(
        "pillow/bmp/q/pal8os2v2\\.bmp", "a header of OS/2 2.0, which ImageIO does not read");
    EXCEPTIONS.put(
        "pillow/bmp/q/pal8oversizepal\\.bmp",
        "Pillow refuses its palette's size, and ImageIO does not mind");
    EXCEPTIONS.put(
        "pillow/bmp/q/rgb24(jpeg|png)\\.bmp",
        "a JPEG or PNG within, which Pillow refuses and ImageIO reads");
    EXCEPTIONS.put(
        "pillow/(dispose_bgnd|first_frame)_transparency\\.gif",
        "ImageIO gives the frame without the screen around it");
    EXCEPTIONS.put("pillow/issue_2811\\.gif", "ImageIO refuses it");
    EXCEPTIONS.put(
        "pillow/junk_jpeg_header\\.jpg",
        "bytes between the first two segments, which JpegSegments does not skip");
    EXCEPTIONS.put("pillow/mmap_error\\.bmp", "truncated, and Pillow reads it");
    EXCEPTIONS.put("pillow/photoshop-200dpi-broken\\.jpg", "truncated, and Pillow reads it");
    EXCEPTIONS.put(
        "pillow/png_decompression_dos\\.png", "its text inflates to much, and we do not read text");
    EXCEPTIONS.put("pillow/truncated_app14\\.jpg", "a broken Adobe segment, which ImageIO refuses");
    EXCEPTIONS.put(
        "pillow/unknown_compression_method\\.png",
        "ImageIO does not look at the compression method");
    EXCEPTIONS.put("pngsuite/xcsn0g01\\.png", "a wrong checksum, to which Pillow is blind");
  }

  private final ImageDecoder decoder = new ImageDecoder(Configs.defaults());

  @Test
  void asPillowDoes() {
    Path folder = Fixtures.asset("odd-images");
    Map<String, String> differences = new TreeMap<>();
    Set<String> needed = new LinkedHashSet<>();
    for (Map<String, String> row : Fixtures.table("golden/odd/pillow.tsv")) {
      String file = row.get("file");
      Trial trial = Trial.of(decoder, Fixtures.bytes(folder.resolve(file)));
      trial.assertHarmless(file, 50_000_000, 2000);
      String ours =
          trial.pixels().map(p -> p.width() + "x" + p.height()).orElse("" + trial.status());
      boolean decoded = row.get("outcome").equals("decoded");
      String theirs = decoded ? row.get("width") + "x" + row.get("height") : row.get("outcome");
      boolean same =
          decoded && ReadFormats.contain(row.get("format"))
              ? ours.equals(theirs)
              : trial.refusal().isPresent();
      if (!same) {
        EXCEPTIONS.keySet().stream()
            .filter(file::matches)
            .findFirst()
            .ifPresentOrElse(
                needed::add, () -> differences.put(file, theirs + ", but we: " + ours));
      }
    }
    assertThat(differences).as("file, what Pillow answers and what we do").isEmpty();
    assertThat(needed).as("exceptions that are needed").isEqualTo(EXCEPTIONS.keySet());
  }

  @ParameterizedTest
  @ValueSource(strings = {"Landscape", "Portrait"})
  void everyOrientationHasTheSameSize(String name) {
    Path folder = Fixtures.asset("odd-images/exif-orientation-examples");
    Pixels upright = decoder.decode(Fixtures.bytes(folder.resolve(name + "_1.jpg")));
    for (int orientation = 2; orientation <= 8; orientation++) {
      String file = name + "_" + orientation + ".jpg";
      Pixels turned = decoder.decode(Fixtures.bytes(folder.resolve(file)));
      assertThat(turned.width()).as(file).isEqualTo(upright.width());
      assertThat(turned.height()).as(file).isEqualTo(upright.height());
    }
  }
}
