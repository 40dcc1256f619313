package dev.glimpse.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AcceptHeaderTest {

  private static final String JSON = "application/json";
  private static final String PNG = "image/png";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "image/png",
        "image/*",
        "image/png, */*",
        "image/*, application/json;q=0.9",
        "IMAGE/PNG ; q=0.5",
        "image/avif,image/webp,image/png,image/*;q=0.8,*/*;q=0.5",
      })
  void thesePreferPng(String accept) {
    assertThat(AcceptHeader.of(accept).prefers(PNG, JSON)).isTrue();
    assertThat(AcceptHeader.of(accept).accepts(PNG)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*/*",
        "application/json",
        "application/json, image/png",
        "image/png;q=0.5, application/*",
        "text/html",
        "image/png;q=0",
        "image/png;q=zero",
        "image/*;q=0, */*",
        ",;=,",
      })
  void theseDoNot(String accept) {
    assertThat(AcceptHeader.of(accept).prefers(PNG, JSON)).isFalse();
  }

  @Test
  void theRangeThatFitsBestDecides() {
    assertThat(AcceptHeader.of("image/*, image/png;q=0").accepts(PNG)).isFalse();
    assertThat(AcceptHeader.of("*/*, image/*;q=0").accepts(PNG)).isFalse();
    assertThat(AcceptHeader.of("*/*;q=0, image/*").accepts(PNG)).isTrue();
    assertThat(AcceptHeader.of("*/*").accepts(JSON)).isTrue();
    assertThat(AcceptHeader.of(null).accepts(PNG)).isTrue();
  }
}
