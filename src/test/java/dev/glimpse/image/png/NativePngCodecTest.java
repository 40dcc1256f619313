package dev.glimpse.image.png;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glimpse.image.ImageCodec;
import dev.glimpse.image.PixelMemory;
import dev.glimpse.image.Pixels;
import dev.glimpse.image.UnreadableImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares native code with Java, on random files that the tests write themselves. */
class NativePngCodecTest {

  private static final int CASES = 300;
  private static final int FILTERS = 5;
  private static final int RGB = 2;
  private static final int RGB_ALPHA = 6;

  private final Random random = new Random(1);
  private final PixelMemory memory = new PixelMemory(0);
  private final ImageCodec java = new PngCodec();
  private final ImageCodec code = new NativePngCodec();

  @BeforeEach
  void needsTheLibrary() {
    Assumptions.assumeTrue(PngLibrary.isAvailable(), "src/main/c is not compiled");
  }

  @AfterEach
  void freeMemory() {
    memory.close();
  }

  /** A file of random rows. */
  private record Sample(int width, int height, int colourType, byte[] rows) {

    byte[] file(byte[] transparency, List<byte[]> deflated) {
      return PngParts.file(width, height, colourType, transparency, deflated);
    }

    byte[] file() throws IOException {
      return file(new byte[0], List.of(deflated(rows)));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {RGB, RGB_ALPHA})
  void pixelsAreThoseOfJava(int colourType) throws Exception {
    for (int i = 0; i < CASES; i++) {
      Sample sample = sample(colourType);
      byte[] stream = deflated(sample.rows());
      byte[] file = sample.file(transparency(sample), inParts(stream));
      assertThat(decode(code, direct(file))).isEqualTo(decode(java, ByteBuffer.wrap(file)));
      assertThat(decode(code, ByteBuffer.wrap(file)))
          .isEqualTo(decode(java, ByteBuffer.wrap(file)));
    }
  }

  @Test
  void bytesAfterTheLastPixelAreIgnored() throws Exception {
    Sample sample = sample(RGB);
    byte[] more = Arrays.copyOf(sample.rows(), sample.rows().length + 7);
    assertThat(decode(code, direct(sample.file(new byte[0], List.of(deflated(more))))))
        .isEqualTo(decode(java, ByteBuffer.wrap(sample.file())));
  }

  /** Some wrong bits are in the checksum of the stream, which zlib does not always reach. */
  @Test
  void aWrongBitHasTheConsequenceThatItHasInJava() throws Exception {
    for (int i = 0; i < CASES; i++) {
      Sample sample = sample(RGB);
      byte[] stream = deflated(sample.rows());
      int at = i % 3 == 0 ? stream.length - 1 : random.nextInt(stream.length);
      stream[at] ^= (byte) (1 << random.nextInt(8));
      byte[] file = sample.file(new byte[0], List.of(stream));
      assertThat(outcome(code, direct(file))).isEqualTo(outcome(java, ByteBuffer.wrap(file)));
    }
  }

  @Test
  void brokenFilesAreUnreadable() throws IOException {
    Sample sample = sample(RGB_ALPHA);
    byte[] stream = deflated(sample.rows());
    assertUnreadable(
        sample.file(new byte[0], List.of(Arrays.copyOf(stream, stream.length / 2))), "truncated");
    byte[] fewer = Arrays.copyOf(sample.rows(), sample.rows().length - 1);
    assertUnreadable(sample.file(new byte[0], List.of(deflated(fewer))), "truncated");
    byte[] noise = new byte[stream.length];
    random.nextBytes(noise);
    noise[0] = 0;
    assertUnreadable(sample.file(new byte[0], List.of(noise)), "corrupt");
    sample.rows()[0] = 5;
    assertUnreadable(sample.file(), "corrupt, it has an unknown filter");
  }

  @Test
  void onlyTheUsualFormsAreMatched() throws IOException {
    byte[] file = sample(RGB).file();
    assertThat(code.matches(direct(file))).isTrue();
    for (int[] change : new int[][] {{24, 16}, {25, 0}, {25, 3}, {25, 4}, {28, 1}}) {
      byte[] other = file.clone();
      other[change[0]] = (byte) change[1];
      assertThat(code.matches(direct(other))).isFalse();
      assertThat(java.matches(direct(other))).isTrue();
    }
    assertThat(code.matches(direct(Arrays.copyOf(file, 28)))).isFalse();
  }

  private void assertUnreadable(byte[] file, String why) {
    assertThatThrownBy(() -> decode(code, direct(file)))
        .isInstanceOfSatisfying(UnreadableImage.class, e -> assertThat(e.why()).isEqualTo(why));
  }

  private byte[] decode(ImageCodec codec, ByteBuffer file) throws UnreadableImage {
    try (Pixels pixels = codec.decode(file, codec.header(file), 1, memory)) {
      return pixels.rgb();
    }
  }

  /** Returns the pixels as text, or that there are none; of two reasons either may be told. */
  private String outcome(ImageCodec codec, ByteBuffer file) {
    try {
      return Arrays.toString(decode(codec, file));
    } catch (UnreadableImage e) {
      return "unreadable";
    }
  }

  private Sample sample(int colourType) {
    int width = 1 + random.nextInt(40);
    int height = 1 + random.nextInt(20);
    int length = 1 + width * (colourType == RGB ? 3 : 4);
    byte[] rows = new byte[height * length];
    random.nextBytes(rows);
    for (int y = 0; y < height; y++) {
      rows[y * length] = (byte) random.nextInt(FILTERS);
    }
    return new Sample(width, height, colourType, rows);
  }

  /** Half of the files name the colour of the first pixel, or more than a colour, or less. */
  private byte[] transparency(Sample sample) {
    byte[] none = {};
    if (random.nextBoolean() || sample.rows()[0] != 0) {
      return none;
    }
    byte[] rows = sample.rows();
    byte[] colour = {9, rows[1], 9, rows[2], 9, rows[3], 0};
    return Arrays.copyOf(colour, 5 + random.nextInt(3));
  }

  private List<byte[]> inParts(byte[] stream) {
    if (random.nextBoolean()) {
      return List.of(stream);
    }
    List<byte[]> parts = new ArrayList<>();
    for (int from = 0, to; from < stream.length; from = to) {
      to = Math.min(stream.length, from + random.nextInt(200));
      parts.add(Arrays.copyOfRange(stream, from, to));
    }
    return parts;
  }

  private static ByteBuffer direct(byte[] file) {
    return ByteBuffer.allocateDirect(file.length).put(file).flip();
  }

  private static byte[] deflated(byte[] rows) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflater =
        new DeflaterOutputStream(out, new Deflater(Deflater.BEST_SPEED))) {
      deflater.write(rows);
    }
    return out.toByteArray();
  }
}
