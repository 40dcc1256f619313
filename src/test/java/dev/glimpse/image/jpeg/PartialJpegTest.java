package dev.glimpse.image.jpeg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.glimpse.image.ImageHeader;
import dev.glimpse.image.PixelMemory;
import dev.glimpse.image.Pixels;
import dev.glimpse.image.UnreadableImage;
import dev.glimpse.image.Window;
import dev.glimpse.support.EnabledIfExternalData;
import dev.glimpse.support.Fixtures;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Compares parts of JPEGs with the same parts of whole ones, to the bit; skipped where there is no
 * C compiler or no libjpeg-turbo. {@code -Dpixels.cases=100000} tries more.
 */
class PartialJpegTest {

  private static final int CASES = Integer.getInteger("pixels.cases", 400);
  private static final int[] EIGHTHS = {1, 2, 4, 8};

  private static final PixelMemory MEMORY = new PixelMemory(1 << 24);

  private static JpegDecoder decoder;

  @BeforeAll
  static void findTheLibrary() {
    decoder = TurboJpegDecoder.find().orElse(null);
    assumeTrue(decoder != null, "libjpeg-turbo (libturbojpeg0) is not installed");
    assumeTrue(JpegLibrary.isAvailable(), "There is no C compiler or no libjpeg (libjpeg62-turbo)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"420.jpg", "422.jpg", "444.jpg", "orientation-1.jpg", "daisy.jpg"})
  void partsEqualThoseOfTheWholeImage(String name) throws Exception {
    assertPartsEqual(Fixtures.image(name), new Random(name.hashCode()), CASES);
  }

  @Test
  @EnabledIfExternalData("photos")
  void partsOfPhotosEqualThoseOfWholeOnes() throws Exception {
    Random random = new Random(1);
    int usual = 0;
    try (Stream<Path> photos = Files.list(Fixtures.asset("photos/imagenet"))) {
      for (Path photo : photos.filter(p -> p.toString().endsWith(".jpg")).sorted().toList()) {
        byte[] bytes = Files.readAllBytes(photo);
        ByteBuffer file = direct(bytes);
        if (PartialJpeg.of(file, header(file), 8).isPresent()) { // a few are grey
          assertPartsEqual(bytes, random, EIGHTHS.length * (1 + CASES / 400));
          usual++;
        }
      }
    }
    assertThat(usual).isGreaterThan(150);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gray.jpg", "cmyk.jpg", "progressive.jpg"})
  void otherKindsAreDecodedWhole(String name) throws Exception {
    ByteBuffer file = direct(Fixtures.image(name));

    assertThat(PartialJpeg.of(file, header(file), 8)).isEmpty();
  }

  @Test
  void mostOfAnImageIsDecodedWhole() throws Exception {
    ByteBuffer file = direct(Fixtures.image("420.jpg"));
    ImageHeader header = header(file);
    PartialJpeg jpeg = PartialJpeg.of(file, header, 8).orElseThrow();

    assertThat(
            jpeg.decode(
                header.width(),
                header.height(),
                (width, height) -> new Window(1, 1, width - 2, height - 2),
                MEMORY))
        .isEmpty();
  }

  @Test
  void whatIsMissingIsFoundOutsideOfThePart() throws Exception {
    byte[] whole = Fixtures.image("420.jpg");
    for (int length = whole.length - 3; length > whole.length * 3 / 4; length -= 97) {
      ByteBuffer file = direct(Arrays.copyOf(whole, length));
      assertThatThrownBy(() ->
              decoder.decodePart(
                  file, header(file), 1, (width, height) -> new Window(0, 0, 8, 8), MEMORY))
          .as("%d of %d bytes", length, whole.length)
          .isInstanceOf(UnreadableImage.class)
          .hasMessageContaining("truncated");
    }
  }

  @Test
  void damagedFilesAreJudgedAsWholeOnes() throws Exception {
    byte[] whole = Fixtures.image("420.jpg");
    Random random = new Random(3);
    int refused = 0;
    for (int i = 0; i < CASES; i++) {
      byte[] damaged = whole.clone();
      for (int k = 0; k <= random.nextInt(4); k++) {
        damaged[600 + random.nextInt(whole.length - 600)] = (byte) random.nextInt(256);
      }
      ByteBuffer file = direct(damaged);
      ImageHeader header = header(file);
      double scale = EIGHTHS[random.nextInt(EIGHTHS.length)] / 8.0;
      String expected = whyRefused(() -> decoder.decode(file, header, scale, MEMORY));
      String found =
          whyRefused(() ->
              decoder.decodePart(
                  file, header, scale, (width, height) -> new Window(0, 0, 9, 9), MEMORY));
      refused += expected.isEmpty() ? 0 : 1;
      assertThat(found).isEqualTo(expected);
    }
    assertThat(refused).isPositive();
  }

  @FunctionalInterface
  private interface Decoding {
    Pixels run() throws UnreadableImage;
  }

  /** Returns nothing if the image is decoded. */
  private static String whyRefused(Decoding decoding) {
    try {
      decoding.run().close();
      return "";
    } catch (UnreadableImage e) {
      return e.why();
    }
  }

  private static void assertPartsEqual(byte[] bytes, Random random, int cases) throws Exception {
    int parts = 0;
    ByteBuffer file = direct(bytes);
    ImageHeader header = header(file);
    for (int eighths : EIGHTHS) {
      try (Pixels whole = decoder.decode(file, header, eighths / 8.0, MEMORY)) {
        for (int i = 0; i < cases / EIGHTHS.length; i++) {
          Window part = any(whole, random);
          var jpeg = PartialJpeg.of(file, header, eighths).orElseThrow();
          var decoded = jpeg.decode(whole.width(), whole.height(), (w, h) -> part, MEMORY);
          if (decoded.isPresent()) {
            parts++;
            try (Pixels pixels = decoded.get()) {
              assertEqual(pixels, whole, part);
            }
          }
        }
      }
    }
    assertThat(parts).isPositive();
  }

  private static Window any(Pixels image, Random random) {
    int width = 1 + random.nextInt(image.width());
    int height = 1 + random.nextInt(image.height());
    return new Window(
        random.nextInt(image.width() - width + 1),
        random.nextInt(image.height() - height + 1),
        width,
        height);
  }

  private static void assertEqual(Pixels pixels, Pixels whole, Window part) {
    assertThat(pixels.width()).isEqualTo(whole.width());
    assertThat(pixels.height()).isEqualTo(whole.height());
    int[] found = new int[part.width()];
    int[] expected = new int[part.width()];
    for (int y = part.y(); y < part.y() + part.height(); y++) {
      for (int x = 0; x < part.width(); x++) {
        found[x] = pixels.pixel(part.x() + x, y);
        expected[x] = whole.pixel(part.x() + x, y);
      }
      if (!Arrays.equals(found, expected)) { // much faster than AssertJ
        assertThat(found).as("row %d of %s", y, part).isEqualTo(expected);
      }
    }
  }

  private static ImageHeader header(ByteBuffer file) throws UnreadableImage {
    return new JpegCodec(true).header(file);
  }

  private static ByteBuffer direct(byte[] bytes) {
    return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
  }
}
