package dev.glimpse.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.image.codecs.ImageCodecs;
import dev.glimpse.support.Configs;
import dev.glimpse.support.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Decodes HEIC and AVIF files of every kind as pillow-heif does, within one level. Of HEIC with
 * more than 8 bits and subsampled chroma, libheif 1.19 and newer shift the samples to 8 bits and
 * then convert them to RGB, while 1.15 converts with all bits and shifts the result, which is
 * closer to the image: the two differ by up to two levels. Shifted from 16 bits, both give the
 * same.
 */
class HeifTest {

  private static final Path FOLDER = Fixtures.RESOURCES.resolve("images-heif");

  private final ImageDecoder decoder = new ImageDecoder(Configs.defaults(), ImageCodecs.all());

  static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(FOLDER)) {
      return files.filter(file -> file.toString().matches(".*\\.(heic|avif)")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void eachKindIsDecodedAsByPillowHeif(Path file) {
    String name = file.toString();
    String format = name.substring(name.lastIndexOf('.') + 1);
    Assumptions.assumeTrue(
        ReadFormats.contain(format), "libheif is not installed, or has no decoder");
    Path expected = Path.of(name.replaceAll("\\.(heic|avif)$", ".png"));

    try (Pixels ours = decoder.decode(Fixtures.bytes(file));
        Pixels theirs = decoder.decode(Fixtures.bytes(expected))) {
      assertThat(ours.width()).isEqualTo(theirs.width());
      assertThat(ours.height()).isEqualTo(theirs.height());
      assertThat(largestDifference(ours.rgb(), theirs.rgb()))
          .isLessThanOrEqualTo(name.matches(".*heic/1[02]-bit.heic") ? 2 : 1);
    }
  }

  private static int largestDifference(byte[] ours, byte[] theirs) {
    int largest = 0;
    for (int i = 0; i < ours.length; i++) {
      largest = Math.max(largest, Math.abs((ours[i] & 0xFF) - (theirs[i] & 0xFF)));
    }
    return largest;
  }
}
