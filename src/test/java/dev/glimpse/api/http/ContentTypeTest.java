package dev.glimpse.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContentTypeTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "image/png | image/png",
        "Image/PNG | image/png",
        "image/png ; q=1 | image/png; q=1",
        "image/png;;;Q=1;q=2; | image/png; q=1",
        "Multipart/Form-Data;BOUNDARY=Ab | multipart/form-data; boundary=Ab",
        "multipart/form-data; boundary=\"a ;\\\"b\" | multipart/form-data; boundary=\"a ;\\\"b\"",
        "multipart/form-data; boundary=\"a\" junk; c=d | multipart/form-data; boundary=a; c=d",
        "application/json;charset = utf-8 | application/json; charset=utf-8",
        "application/json;charset | application/json",
      })
  void canonicalSpelling(String header, String canonical) {
    assertThat(ContentType.parse(header).orElseThrow()).hasToString(canonical);
    assertThat(ContentType.parse(canonical).orElseThrow()).hasToString(canonical);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "image", "/", "image/", "/png", "image /png", "a/b/c", ";", "é/b"})
  void malformed(String header) {
    assertThat(ContentType.parse(header)).isEmpty();
    assertThat(ContentType.is(header, "image/png")).isFalse();
  }

  @Test
  void missing() {
    assertThat(ContentType.parse(null)).isEmpty();
  }

  /** JAX-RS's own parser took time that grew with the square of some of these. */
  @ParameterizedTest
  @ValueSource(strings = {";", ";a=b", ";\"", "=", "\"", "\\", " ", "a/", ";=", ";a=\"\\"})
  void hostileHeadersTakeLinearTime(String part) {
    String header = "image/png" + part.repeat(1 << 20);

    assertTimeoutPreemptively(Duration.ofSeconds(5), () -> ContentType.parse(header));
  }
}
