package dev.glimpse.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.bytes.ArrivingBytes;
import dev.glimpse.bytes.Bytes;
import dev.glimpse.bytes.NativeBlocks;
import dev.glimpse.failure.ServingException;
import dev.glimpse.image.codecs.ImageCodecs;
import dev.glimpse.support.Configs;
import dev.glimpse.support.Fixtures;
import java.nio.ByteBuffer;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Decodes files in native memory, amid other bytes, as parts of a form are. */
class NativeFilesTest {

  private final NativeBlocks blocks = new NativeBlocks(1 << 20);
  private final ImageDecoder decoder = new ImageDecoder(Configs.defaults(), ImageCodecs.all());

  @ParameterizedTest
  @MethodSource("dev.glimpse.support.Fixtures#images")
  void areReadAsThoseOnTheHeap(Map<String, String> row) {
    byte[] file = Fixtures.image(row.get("image"));
    String onHeap = outcome(Bytes.of(file));
    ArrivingBytes arriving = new ArrivingBytes(blocks, 0);
    arriving.append(ByteBuffer.wrap(new byte[] {1, 2, 3}));
    arriving.append(ByteBuffer.wrap(file));
    arriving.append(ByteBuffer.wrap(new byte[] {4}));
    try (Bytes body = arriving.take()) {
      assertThat(outcome(body.slice(3, file.length))).isEqualTo(onHeap);
      assertThat(body.slice(3, file.length).toArray()).isEqualTo(file);
    }
    assertThat(blocks.lent()).isZero();
    assertThat(decoder.memoryLent()).isZero();
  }

  private String outcome(Bytes file) {
    try (Pixels pixels = decoder.decode(file, (width, height) -> 0.3)) {
      return pixels.width() + " × " + pixels.height() + ByteBuffer.wrap(pixels.rgb()).hashCode();
    } catch (ServingException e) {
      return e.failure() + " " + e.detail();
    }
  }
}
