package dev.glimpse.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Structure;
import dev.glimpse.image.codecs.ImageCodecs;
import dev.glimpse.support.Configs;
import dev.glimpse.support.Fixtures;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** Checks that decoders free what they allocate in C, whatever the input. */
class NativeMemoryTest {

  /** The just-in-time compiler allocates from the same heap. */
  private static final long NOISE = 16 << 20;

  private static final int ROUNDS = 20;

  /** <a href="https://man7.org/linux/man-pages/man3/mallinfo.3.html">glibc's statistics</a>. */
  @Structure.FieldOrder({
    "arena",
    "ordblks",
    "smblks",
    "hblks",
    "hblkhd",
    "usmblks",
    "fsmblks",
    "uordblks",
    "fordblks",
    "keepcost"
  })
  public static final class Statistics extends Structure implements Structure.ByValue {
    public long arena;
    public long ordblks;
    public long smblks;
    public long hblks;
    public long hblkhd;
    public long usmblks;
    public long fsmblks;
    public long uordblks;
    public long fordblks;
    public long keepcost;
  }

  interface C extends Library {
    Statistics mallinfo2();
  }

  @Test
  void isReleasedByGoodAndBadImages() throws IOException {
    C library = load();
    ImageDecoder decoder = new ImageDecoder(Configs.defaults(), ImageCodecs.all());
    List<byte[]> images = images();
    decodeAll(decoder, images);
    long before = inUse(library);
    for (int i = 0; i < ROUNDS; i++) {
      decodeAll(decoder, images);
    }
    assertThat(inUse(library) - before)
        .as("bytes more than before, after %d times %d images", ROUNDS, images.size())
        .isLessThan(NOISE);
  }

  @Test
  void isReleasedWhenTheDecoderIsClosed() throws IOException {
    C library = load();
    ImageDecoder decoder = new ImageDecoder(Configs.defaults(), ImageCodecs.all());
    Trial.of(decoder, large());
    long kept = decoder.memoryKept();
    assumeTrue(kept > 2 * NOISE, "libjpeg-turbo is not installed");
    long before = inUse(library);
    decoder.close();

    assertThat(decoder.memoryKept()).isZero();
    assertThat(before - inUse(library)).isGreaterThan(kept - NOISE);
  }

  /** Makes a JPEG of 20 megapixels, which take 60 MB. */
  private static byte[] large() throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(5000, 4000, BufferedImage.TYPE_INT_RGB), "jpeg", file);
    return file.toByteArray();
  }

  private static void decodeAll(ImageDecoder decoder, List<byte[]> images) {
    images.forEach(image -> Trial.of(decoder, image));
  }

  private static List<byte[]> images() throws IOException {
    try (Stream<Path> files = Files.walk(Fixtures.RESOURCES.resolve("images"))) {
      return files.filter(Files::isRegularFile).sorted().map(Fixtures::bytes).toList();
    }
  }

  private static long inUse(C library) {
    Statistics statistics = library.mallinfo2();
    return statistics.uordblks + statistics.hblkhd;
  }

  private static C load() {
    try {
      C library = Native.load("c", C.class);
      library.mallinfo2();
      return library;
    } catch (UnsatisfiedLinkError e) {
      return abort("this C library does not say how much memory is in use (glibc 2.33 does)");
    }
  }
}
