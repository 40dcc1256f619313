package dev.glimpse.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glimpse.bytes.Bytes;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.memory.RequestMemory;
import dev.glimpse.support.Configs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class ContentCodingTest {

  /** Decompressed bodies lie on the heap. */
  @Test
  void aBodyDecompressesToNoMoreThanFitsTheHeap() throws Exception {
    GlimpseConfig config = Configs.of(Map.of("glimpse.memory.work", "4K"));
    ContentCoding coding = new ContentCoding(config, new RequestMemory(config));

    assertThat(coding.decoded(Bytes.of(gzip(1024)), "gzip").length()).isEqualTo(1024);
    assertThatThrownBy(() -> coding.decoded(Bytes.of(gzip(1025)), "gzip"))
        .hasMessage(
            "The body decompresses to more than 1024 bytes, the most that is read; send it as it"
                + " is.");
  }

  private static byte[] gzip(int zeros) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(new byte[zeros]);
    }
    return packed.toByteArray();
  }
}
