package dev.glimpse.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class InflatedStreamTest {

  private static final byte[] TEXT =
      "what is in this image? ".repeat(5000).getBytes(StandardCharsets.UTF_8);

  @Test
  void gzip() throws Exception {
    assertThat(unpack(InflatedStream.gzip(gzipped(TEXT)))).isEqualTo(TEXT);
  }

  @Test
  void gzipWithEveryOptionalField() throws Exception {
    byte[] plain = gzipped(TEXT);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(new byte[] {0x1F, (byte) 0x8B, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 3});
    all.writeBytes(new byte[] {3, 0, 'a', 'b', 'c', 'n', 0, 'c', 'o', 0, 1, 2});
    all.write(plain, 10, plain.length - 10);

    assertThat(unpack(InflatedStream.gzip(all.toByteArray()))).isEqualTo(TEXT);
  }

  @Test
  void deflateWithZlibHeaderAndWithout() throws Exception {
    for (boolean raw : new boolean[] {false, true}) {
      for (int level : new int[] {0, 1, 6, 9}) {
        assertThat(unpack(InflatedStream.deflate(deflated(TEXT, level, raw)))).isEqualTo(TEXT);
      }
    }
  }

  @Test
  void severalMembersAndWhatFollowsThem() throws Exception {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(gzipped(TEXT));
    all.writeBytes(gzipped(TEXT));
    all.writeBytes(new byte[20]);

    assertThat(unpack(InflatedStream.gzip(all.toByteArray()))).hasSize(2 * TEXT.length);
  }

  /** The JDK's stream recurses once for each. */
  @Test
  void manyEmptyMembers() throws Exception {
    byte[] empty = gzipped(new byte[0]);
    byte[] all = new byte[empty.length * 200_000];
    for (int i = 0; i < all.length; i += empty.length) {
      System.arraycopy(empty, 0, all, i, empty.length);
    }

    assertTimeoutPreemptively(
        Duration.ofSeconds(10), () -> assertThat(unpack(InflatedStream.gzip(all))).isEmpty());
  }

  @Test
  void bytesThatAreCutOffOrChanged() throws Exception {
    byte[] gzip = gzipped("daisy".getBytes(StandardCharsets.UTF_8));
    for (int length = 0; length < gzip.length; length++) {
      byte[] cut = Arrays.copyOf(gzip, length);
      assertThatIOException().isThrownBy(() -> unpack(InflatedStream.gzip(cut)));
    }
    byte[] raw = deflated(TEXT, 9, true);
    assertThatIOException()
        .isThrownBy(() -> unpack(InflatedStream.deflate(Arrays.copyOf(raw, raw.length - 1))));
    assertThatIOException().isThrownBy(() -> unpack(InflatedStream.deflate(new byte[0])));
  }

  @Test
  void randomBytesEndInAnIoException() {
    SplittableRandom random = new SplittableRandom(11);
    byte[] gzip = gzipped(TEXT);
    for (int trial = 0; trial < 2000; trial++) {
      byte[] mutant = gzip.clone();
      for (int i = random.nextInt(1, 5); i > 0; i--) {
        mutant[random.nextInt(mutant.length)] = (byte) random.nextInt();
      }
      try {
        unpack(InflatedStream.gzip(mutant));
      } catch (IOException e) {
        assertThat(e).hasMessageMatching("[a-z ,]+");
      }
    }
  }

  private static byte[] unpack(InflatedStream stream) throws IOException {
    try (stream) {
      return stream.readNBytes(1 << 20);
    }
  }

  private static byte[] gzipped(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return out.toByteArray();
  }

  private static byte[] deflated(byte[] bytes, int level, boolean raw) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Deflater deflater = new Deflater(level, raw);
    try (DeflaterOutputStream packed = new DeflaterOutputStream(out, deflater)) {
      packed.write(bytes);
    } finally {
      deflater.end();
    }
    return out.toByteArray();
  }
}
