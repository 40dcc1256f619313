package dev.glimpse.image.jpeg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.glimpse.image.ImageHeader;
import dev.glimpse.image.PixelMemory;
import dev.glimpse.image.Pixels;
import dev.glimpse.image.UnreadableImage;
import dev.glimpse.support.EnabledIfExternalData;
import dev.glimpse.support.Fixtures;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares libjpeg-turbo with ImageIO; skipped where libjpeg-turbo is not installed. */
class TurboJpegDecoderTest {

  private static final byte[] END = {(byte) 0xFF, (byte) 0xD9};

  private static final PixelMemory MEMORY = new PixelMemory(1 << 20);

  private static JpegDecoder decoder;

  /** Checks once, so that the class counts as a single skipped test. */
  @BeforeAll
  static void findTheLibrary() {
    Optional<TurboJpegDecoder> found = TurboJpegDecoder.find();
    assumeTrue(found.isPresent(), "libjpeg-turbo (libturbojpeg0) is not installed");
    decoder = found.orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"420.jpg", "422.jpg", "444.jpg", "gray.jpg", "cmyk.jpg", "progressive.jpg"})
  void differsFromImageIoByAFewLevels(String name) throws Exception {
    byte[] bytes = Fixtures.image(name);
    Pixels turbo = decode(bytes, 1);
    Pixels imageIo = new ImageIoDecoder().decode(ByteBuffer.wrap(bytes), header(bytes), 1, MEMORY);

    assertThat(turbo.width()).isEqualTo(imageIo.width());
    assertThat(turbo.height()).isEqualTo(imageIo.height());
    // The JDK's libjpeg rounds differently in places.
    assertThat(meanDifference(turbo.rgb(), imageIo.rgb())).isLessThan(1);
  }

  @Test
  void ycckIsConvertedAsByImageIo() throws Exception {
    assertAsImageIo(Fixtures.ODD_IMAGES.resolve("jpeg/ycck.jpg"));
  }

  @Test
  @EnabledIfExternalData("odd-images")
  void ycckOfARealPhotoIsConvertedAsByImageIo() throws Exception {
    assertAsImageIo(Fixtures.asset("odd-images/pillow/pil_sample_cmyk.jpg"));
  }

  private static void assertAsImageIo(Path file) throws Exception {
    byte[] bytes = Fixtures.bytes(file);
    Pixels turbo = decode(bytes, 1);
    Pixels imageIo = new ImageIoDecoder().decode(ByteBuffer.wrap(bytes), header(bytes), 1, MEMORY);

    assertThat(meanDifference(turbo.rgb(), imageIo.rgb())).isLessThan(1);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 640, 480",
    "0.51, 640, 480",
    "0.5, 320, 240",
    "0.3, 320, 240",
    "0.25, 160, 120",
    "0.2, 160, 120",
    "0.125, 80, 60",
    "0.01, 80, 60",
  })
  void aScaledImageIsAtLeastAsLargeAsNeeded(double scale, int width, int height) throws Exception {
    Pixels pixels = decode(Fixtures.image("red.jpg"), scale);

    assertThat(pixels.width()).isEqualTo(width);
    assertThat(pixels.height()).isEqualTo(height);
    assertThat(pixels.rgb()[0] & 0xFF).isGreaterThan(pixels.rgb()[1] & 0xFF);
  }

  @ParameterizedTest
  @ValueSource(strings = {"420.jpg", "cmyk.jpg", "gray.jpg", "progressive.jpg"})
  void anOddSizeIsRoundedUp(String name) throws Exception {
    byte[] bytes = Fixtures.image(name);
    ImageHeader header = header(bytes);
    Pixels pixels = decode(bytes, 0.25);

    assertThat(pixels.width()).isEqualTo((header.width() + 3) / 4);
    assertThat(pixels.height()).isEqualTo((header.height() + 3) / 4);
  }

  @Test
  void bytesAfterTheEndAreIgnored() throws Exception {
    assertThat(decode(Fixtures.image("trailing-bytes.jpg"), 1)).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"420.jpg", "444.jpg", "gray.jpg", "cmyk.jpg"})
  void aMissingEndMarkerIsAccepted(String name) throws Exception {
    byte[] whole = Fixtures.image(name);
    byte[] unended = Arrays.copyOf(whole, whole.length - 2);

    assertThat(decode(unended, 1).rgb()).isEqualTo(decode(whole, 1).rgb());
  }

  @ParameterizedTest
  @ValueSource(strings = {"420.jpg", "444.jpg", "gray.jpg", "cmyk.jpg", "progressive.jpg"})
  void refusesTruncatedFiles(String name) {
    byte[] whole = Fixtures.image(name);
    for (int missing : new int[] {10, whole.length / 4, whole.length / 2}) {
      byte[] part = Arrays.copyOf(whole, whole.length - missing);
      assertThatThrownBy(() -> decode(part, 1))
          .as("without its last %d bytes", missing)
          .isInstanceOf(UnreadableImage.class)
          .hasMessage("truncated");
      assertThatThrownBy(() -> decode(joined(part, END), 1))
          .as("and with an end marker")
          .isInstanceOf(UnreadableImage.class)
          .hasMessage("truncated");
    }
  }

  @Test
  void aProgressiveImageWithoutEndMarkerMayLackScans() {
    byte[] whole = Fixtures.image("progressive.jpg");
    assertThatThrownBy(() -> decode(Arrays.copyOf(whole, whole.length - 2), 1))
        .hasMessage("truncated");
  }

  @Test
  void junkBetweenSegmentsIsIgnored() throws Exception {
    byte[] whole = Fixtures.image("420.jpg");
    byte[] soi = Arrays.copyOf(whole, 2);
    byte[] rest = Arrays.copyOfRange(whole, 2, whole.length);
    byte[] junk = {(byte) 0xFF, 0, 1, 2, 3};
    byte[] junky = joined(soi, joined(junk, rest));

    assertThat(decode(junky, 1).rgb()).isEqualTo(decode(whole, 1).rgb());
    byte[] cut = Arrays.copyOf(junky, junky.length / 2);
    assertThatThrownBy(() -> decode(cut, 1)).hasMessage("truncated");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Pillow decodes these though libjpeg warns.
        "junk-between-segments.jpg",
        "fill-bytes-before-marker.jpg",
        "adobe-segment-short.jpg",
        "exif-noise.jpg",
        "exif-cut.jpg",
        "photoshop-segment-broken.jpg",
        // YCCK, 16-bit quantisation tables, and no end marker.
        "ycck.jpg",
        "quantization-tables-of-16-bits.jpg",
        "extended-sequential.jpg",
        "end-marker-missing.jpg",
      })
  void decodesUnusualDrawnFiles(String file) throws Exception {
    Pixels pixels = decode(Fixtures.bytes(Fixtures.ODD_IMAGES.resolve("jpeg/" + file)), 1);
    assertThat(pixels.width()).isEqualTo(83);
    assertThat(pixels.height()).isEqualTo(59);
  }

  @ParameterizedTest
  @CsvSource({
    "broken-cut-in-scan.jpg, truncated",
    "broken-cut-in-scan-with-end-marker.jpg, truncated",
    "broken-12-bits-a-sample.jpg, 'it has 12 bits per sample; 8 are supported'",
  })
  void refusesCorruptDrawnFiles(String file, String why) {
    byte[] bytes = Fixtures.bytes(Fixtures.ODD_IMAGES.resolve("jpeg/" + file));
    assertThatThrownBy(() -> decode(bytes, 1)).isInstanceOf(UnreadableImage.class).hasMessage(why);
  }

  @ParameterizedTest
  @EnabledIfExternalData("odd-images")
  @CsvSource({
    // Pillow decodes these though libjpeg warns.
    "pillow/junk_jpeg_header.jpg, 1024, 768",
    "pillow/jpeg_ff00_header.jpg, 300, 225",
    "pillow/truncated_app14.jpg, 100, 100",
    "pillow/hopper_bad_exif.jpg, 500, 500",
    "pillow/photoshop-200dpi-broken.jpg, 200, 200",
    // Arithmetic coding, CMYK, and 16-bit quantisation tables.
    "libjpeg-turbo/testimages/testimgari.jpg, 227, 149",
    "pillow/pil_sample_cmyk.jpg, 100, 100",
    "pillow/hopper_16bit_qtables.jpg, 128, 128",
  })
  void decodesUnusualFiles(String file, int width, int height) throws Exception {
    Pixels pixels = decode(Fixtures.bytes(Fixtures.asset("odd-images").resolve(file)), 1);
    assertThat(pixels.width()).isEqualTo(width);
    assertThat(pixels.height()).isEqualTo(height);
  }

  @ParameterizedTest
  @EnabledIfExternalData("odd-images")
  @CsvSource({
    "pillow/truncated_jpeg.jpg, truncated",
    "pillow/ultrahdr.jpg, truncated",
    "libjpeg-turbo/testimages/monkey12.jpg, it has 12 bits per sample; 8 are supported",
  })
  void refusesCorruptFiles(String file, String why) {
    byte[] bytes = Fixtures.bytes(Fixtures.asset("odd-images").resolve(file));
    assertThatThrownBy(() -> decode(bytes, 1)).isInstanceOf(UnreadableImage.class).hasMessage(why);
  }

  @Test
  void refusesLosslessFiles() {
    assumeTrue(decoder.name().equals("TurboJPEG 2"), "version 3 reads lossless JPEGs");
    byte[] bytes = Fixtures.image("gray.jpg");
    bytes[new JpegSegments(ByteBuffer.wrap(bytes)).frame().orElseThrow().start() + 1] = (byte) 0xC3;
    assertThatThrownBy(() -> decode(bytes, 1)).hasMessageContaining("lossless");
  }

  private static Pixels decode(byte[] bytes, double scale) throws UnreadableImage {
    return decoder.decode(ByteBuffer.wrap(bytes), header(bytes), scale, MEMORY);
  }

  private static ImageHeader header(byte[] bytes) throws UnreadableImage {
    return new JpegCodec(true).header(ByteBuffer.wrap(bytes));
  }

  private static byte[] joined(byte[] first, byte[] second) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(first);
    all.writeBytes(second);
    return all.toByteArray();
  }

  private static double meanDifference(byte[] a, byte[] b) {
    long sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.abs((a[i] & 0xFF) - (b[i] & 0xFF));
    }
    return (double) sum / a.length;
  }
}
