package dev.glimpse.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RequestLogTest {

  @Test
  void lineHasAllFacts() {
    assertThat(RequestLog.line("POST", "/predict", 422, "unreadable-image", "flowers", 3, 99, "a1"))
        .isEqualTo("POST /predict 422 code=unreadable-image model=flowers ms=3 bytes=99 id=a1");
  }

  @Test
  void textOfTheClientForgesNoLineAndIsShort() {
    String line =
        RequestLog.line(
            "GET", "/\n2026 INFO\u001b[2J\u202e" + "x".repeat(9000), 404, null, "-", 0, 0, "b");
    assertThat(line)
        .startsWith("GET /\\u000a2026 INFO\\u001b[2J\\u202exxx")
        .contains("… 404 code=- model=- ms=0 bytes=0 id=b")
        .hasLineCount(1)
        .hasSizeLessThan(300);
    assertThat(RequestLog.line("M".repeat(5000), null, 405, null, "-", 0, 0, "c"))
        .startsWith("M".repeat(20) + "… - 405 ")
        .hasSizeLessThan(100);
  }
}
