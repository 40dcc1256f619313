package dev.glimpse.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.glimpse.bytes.Bytes;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.image.codecs.ImageCodecs;
import dev.glimpse.memory.RequestMemory;
import dev.glimpse.support.Configs;
import dev.glimpse.support.Fixtures;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageDecoderTest {

  private final ImageDecoder decoder = new ImageDecoder(Configs.defaults(), ImageCodecs.all());

  static List<Map<String, String>> images() {
    return Fixtures.images();
  }

  @ParameterizedTest
  @MethodSource("images")
  void everyImageIsDecodedOrRefusedAsExpected(Map<String, String> row) {
    String name = row.get("image");
    int status = Integer.parseInt(row.get("status"));
    byte[] bytes = Fixtures.image(name);
    if (status == 200) {
      Pixels pixels = decoder.decode(bytes);
      assertThat(pixels.rgb()).hasSize(pixels.width() * pixels.height() * 3);
    } else {
      ServingException e =
          catchThrowableOfType(ServingException.class, () -> decoder.decode(bytes));
      assertThat(e).as("%s: %s", name, row.get("what")).isNotNull();
      assertThat(e.failure().status()).isEqualTo(status);
      assertThat(e.detail()).endsWith(".").doesNotContain("Exception", "javax", "null");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5, 6, 7, 8})
  void everyOrientationGivesTheSameUprightImage(int orientation) {
    Pixels upright = decoder.decode(Fixtures.image("orientation-1.jpg"));
    Pixels turned = decoder.decode(Fixtures.image("orientation-" + orientation + ".jpg"));

    assertThat(turned.width()).isEqualTo(upright.width());
    assertThat(turned.height()).isEqualTo(upright.height());
    // JPEG is lossy, and its blocks lie elsewhere in a turned image.
    assertThat(meanDifference(upright, turned)).isLessThan(2);
  }

  /** The EXIF segment of these files, whose only entry is the orientation. */
  private static final int EXIF_BEGIN = 20;

  private static final int EXIF_END = 56;
  private static final int TIFF_BEGIN = 0x1E;
  private static final int TYPE = 0x2A;
  private static final int VALUE = 0x30;

  @Test
  void orientationMayBeOfTypeLong() {
    byte[] file = Fixtures.image("orientation-6.jpg");
    ByteBuffer.wrap(file).putShort(TYPE, (short) 4).putInt(VALUE, 6);

    assertThat(decoder.decode(file).rgb())
        .isEqualTo(decoder.decode(Fixtures.image("orientation-6.jpg")).rgb());
  }

  @Test
  void orientationMayBeOfTypeLongInLittleEndian() {
    byte[] file = Fixtures.image("orientation-6.jpg");
    ByteBuffer exif = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).position(TIFF_BEGIN);
    exif.put((byte) 'I').put((byte) 'I').putShort((short) 42).putInt(8).putShort((short) 1);
    exif.putShort((short) 0x0112).putShort((short) 4).putInt(1).putInt(6).putInt(0);

    assertThat(decoder.decode(file).rgb())
        .isEqualTo(decoder.decode(Fixtures.image("orientation-6.jpg")).rgb());
  }

  @Test
  void firstOfTwoExifSegmentsCounts() {
    byte[] file = Fixtures.image("orientation-6.jpg");
    byte[] second = Arrays.copyOfRange(file, EXIF_BEGIN, EXIF_END);
    second[VALUE + 1 - EXIF_BEGIN] = 1;
    ByteBuffer both = ByteBuffer.allocate(file.length + second.length);
    both.put(file, 0, EXIF_END).put(second).put(file, EXIF_END, file.length - EXIF_END);

    assertThat(decoder.decode(both.array()).rgb()).isEqualTo(decoder.decode(file).rgb());
  }

  @Test
  void applesVariantOfPngIsNamed() {
    byte[] file = Fixtures.image("scene.png");
    byte[] chunk = {0, 0, 0, 4, 'C', 'g', 'B', 'I', 0x50, 0, 0x20, 6, 0, 0, 0, 0};
    ByteBuffer apples = ByteBuffer.allocate(file.length + chunk.length);
    apples.put(file, 0, 8).put(chunk).put(file, 8, file.length - 8);

    ServingException e =
        catchThrowableOfType(ServingException.class, () -> decoder.decode(apples.array()));
    assertThat(e.failure()).isEqualTo(Failure.UNREADABLE_IMAGE);
    assertThat(e.detail()).contains("Apple's variant of PNG");
  }

  @Test
  void transparencyIsLaidOverWhite() {
    Pixels pixels = decoder.decode(Fixtures.image("rgba.png")); // transparent on the right
    int right = (pixels.width() - 1) * 3;
    assertThat(pixels.rgb()[right]).isEqualTo((byte) 255);
    assertThat(pixels.rgb()[right + 1]).isEqualTo((byte) 255);
    assertThat(pixels.rgb()[right + 2]).isEqualTo((byte) 255);
  }

  @Test
  void aBombIsRefusedByItsHeader() {
    assertThatThrownBy(() -> decoder.decode(Fixtures.image("bomb.png")))
        .isInstanceOfSatisfying(
            ServingException.class, e -> assertThat(e.failure()).isEqualTo(Failure.TOO_LARGE))
        .hasMessageContaining("30000×30000");
  }

  @Test
  void theLimitIsInclusive() {
    ImageDecoder exact =
        new ImageDecoder(
            Configs.of(Map.of("glimpse.image.max-pixels", "" + 160 * 120)), ImageCodecs.all());
    ImageDecoder below =
        new ImageDecoder(
            Configs.of(Map.of("glimpse.image.max-pixels", "" + (160 * 120 - 1))),
            ImageCodecs.all());
    byte[] scene = Fixtures.image("scene.png");

    assertThat(exact.decode(scene).width()).isEqualTo(160);
    assertThatThrownBy(() -> below.decode(scene)).isInstanceOf(ServingException.class);
  }

  @Test
  void aJpegIsNotDecodedLargerThanNeeded() {
    assumeTrue(
        decoder.decoderOf("JPEG").startsWith("TurboJPEG"),
        "libjpeg-turbo (libturbojpeg0) is not installed");
    ImageDecoder fast =
        new ImageDecoder(Configs.of(Map.of("glimpse.image.decode", "fast")), ImageCodecs.all());
    ImageDecoder exact =
        new ImageDecoder(Configs.of(Map.of("glimpse.image.decode", "exact")), ImageCodecs.all());
    byte[] red = Fixtures.image("red.jpg"); // 640×480

    assertThat(fast.decode(Bytes.of(red), (width, height) -> 0.5).width()).isEqualTo(320);
    assertThat(exact.decode(Bytes.of(red), (width, height) -> 0.5).width()).isEqualTo(640);
    assertThat(fast.decode(red).width()).isEqualTo(640);
  }

  /** Of 50, 108 and 200 megapixels. */
  @ParameterizedTest
  @CsvSource({"8192, 6144", "12000, 9000", "16384, 12288"})
  void aPhonesPhotoIsDecodedAtAnEighthByDefault(int width, int height) {
    assumeTrue(
        decoder.decoderOf("JPEG").startsWith("TurboJPEG"),
        "libjpeg-turbo (libturbojpeg0) is not installed");
    RequestMemory memory = new RequestMemory(Configs.of(Map.of("glimpse.image.max-memory", "16M")));
    ImageDecoder small = new ImageDecoder(Configs.defaults(), ImageCodecs.all(), memory);

    try (Pixels pixels =
        small.decode(Bytes.of(HostileImages.photo(width, height)), (w, h) -> 0.01)) {
      assertThat(pixels.width()).isEqualTo(width / 8);
      assertThat(pixels.height()).isEqualTo(height / 8);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void theScaleIsThatOfTheUprightImage(int orientation) {
    byte[] bytes = Fixtures.image("orientation-" + orientation + ".jpg");
    ImageDecoder fast =
        new ImageDecoder(Configs.of(Map.of("glimpse.image.decode", "fast")), ImageCodecs.all());
    Pixels pixels =
        fast.decode(
            Bytes.of(bytes),
            (width, height) -> {
              assertThat(width).isEqualTo(96);
              assertThat(height).isEqualTo(64);
              return 1;
            });
    assertThat(pixels.width()).isEqualTo(96);
  }

  /** The part lies in the upright image, and is found in the stored one. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void aPartOfATurnedImageIsTheSamePartOfIt(int orientation) {
    Bytes file = Bytes.of(Fixtures.image("orientation-" + orientation + ".jpg"));
    Window part = new Window(11, 23, 31, 17);
    ImageFile image = new ImageFile(file);

    try (Pixels whole = decoder.decode(image, (width, height) -> 1);
        Pixels pixels = decoder.decode(image, (width, height) -> 1, (width, height) -> part)) {
      assertThat(pixels.width()).isEqualTo(96);
      assertThat(pixels.height()).isEqualTo(64);
      for (int y = part.y(); y < part.y() + part.height(); y++) {
        for (int x = part.x(); x < part.x() + part.width(); x++) {
          assertThat(pixels.pixel(x, y)).isEqualTo(whole.pixel(x, y));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPartIsFoundInTheStoredImage(Orientation orientation) {
    int width = 7;
    int height = 5;
    byte[] numbers = new byte[width * height * Pixels.SAMPLES];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (byte) i;
    }
    Pixels upright = new Pixels(width, height, numbers).oriented(orientation);
    Window part = new Window(1, 2, 2, 3);
    Window stored = orientation.stored(part, width, height);
    Pixels found =
        Pixels.ofPart(width, height, stored, cut(numbers, width, stored), () -> {})
            .oriented(orientation);

    for (int y = 2; y < 5; y++) {
      for (int x = 1; x < 3; x++) {
        assertThat(found.pixel(x, y)).isEqualTo(upright.pixel(x, y));
      }
    }
  }

  private static ByteBuffer cut(byte[] rgb, int width, Window part) {
    ByteBuffer cut = ByteBuffer.allocate(part.width() * part.height() * Pixels.SAMPLES);
    for (int y = part.y(); y < part.y() + part.height(); y++) {
      cut.put(rgb, (y * width + part.x()) * Pixels.SAMPLES, part.width() * Pixels.SAMPLES);
    }
    return cut.flip();
  }

  @Test
  void everyPrefixOfAnImageIsRefused() {
    for (String name :
        List.of("420.jpg", "scene.png", "still.gif", "picture.bmp", "cmyk.jpg", "picture.tif")) {
      byte[] whole = Fixtures.image(name);
      for (int length = 0; length < whole.length; length += 1 + whole.length / 97) {
        byte[] prefix = java.util.Arrays.copyOf(whole, length);
        assertThat(catchThrowableOfType(ServingException.class, () -> decoder.decode(prefix)))
            .as("%d bytes of %s", length, name)
            .isNotNull();
      }
    }
  }

  private static double meanDifference(Pixels a, Pixels b) {
    byte[] first = a.rgb();
    byte[] second = b.rgb();
    long sum = 0;
    for (int i = 0; i < first.length; i++) {
      sum += Math.abs((first[i] & 0xFF) - (second[i] & 0xFF));
    }
    return (double) sum / first.length;
  }
}
