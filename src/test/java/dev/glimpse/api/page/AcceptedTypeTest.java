package dev.glimpse.api.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AcceptedTypeTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "text/html",
        "TEXT/HTML",
        "text/html;q=0.5",
        "application/json;q=0.5, text/html",
        "text/html, application/json",
        " text/html ; q=0.7 , */*",
      })
  void browsersGetHtml(String accept) {
    assertThat(AcceptedType.isHtml(accept)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*/*",
        "text/*",
        "application/json",
        "application/json, text/plain, */*",
        "text/html;q=0",
        "text/html;q=0.5, application/json",
        "text/html;q=zero",
        "text/html;q=-1",
        "text/html;q=1e9",
        "x-text/html",
        ",,,;;;=",
      })
  void othersGetJson(String accept) {
    assertThat(AcceptedType.isHtml(accept)).isFalse();
  }

  @Test
  void withoutAHeaderTheAnswerIsJson() {
    assertThat(AcceptedType.isHtml(null)).isFalse();
  }

  @Test
  void rangesBeyondTheFirst32AreNotRead() {
    assertThat(AcceptedType.isHtml("a/b,".repeat(31) + "text/html")).isTrue();
    assertThat(AcceptedType.isHtml("a/b,".repeat(32) + "text/html")).isFalse();
  }
}
