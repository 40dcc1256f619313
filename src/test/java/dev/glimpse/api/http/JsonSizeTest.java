package dev.glimpse.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glimpse.bytes.Bytes;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonSizeTest {

  @ParameterizedTest
  @ValueSource(strings = {"{", "[", " \n\t{", "\uFEFF{", "\0{"}) // the last as in UTF-16
  void largeJsonIsRefused(String start) {
    Bytes body = bytes(start + " ".repeat(100));
    assertThatThrownBy(() -> JsonSize.requireAtMost(100, body))
        .isInstanceOfSatisfying(
            ServingException.class, e -> assertThat(e.failure()).isEqualTo(Failure.TOO_LARGE))
        .hasMessage(
            "The JSON is too large; at most 100 bytes are parsed in this much memory. Send less of"
                + " it, or the image itself or a form, or raise glimpse.memory.work or the heap.");
    assertThatCode(() -> JsonSize.requireAtMost(body.length(), body)).doesNotThrowAnyException();
  }

  @Test
  void otherBodiesMayBeLarger() {
    for (String start : new String[] {"--boundary", "daisy", ""}) {
      assertThatCode(() -> JsonSize.requireAtMost(100, bytes(start + " ".repeat(200))))
          .doesNotThrowAnyException();
    }
    byte[] jpeg = new byte[200];
    jpeg[0] = (byte) 0xFF;
    jpeg[1] = (byte) 0xD8;
    jpeg[2] = '{';
    assertThatCode(() -> JsonSize.requireAtMost(100, Bytes.of(jpeg))).doesNotThrowAnyException();
  }

  private static Bytes bytes(String text) {
    return Bytes.of(text.getBytes(StandardCharsets.UTF_8));
  }
}
