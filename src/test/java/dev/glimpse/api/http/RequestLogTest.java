package dev.glimpse.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RequestLogTest {

  @Test
  void lineHasAllFacts() {
    assertThat(line("POST", "/predict", 422, "unreadable-image", "flowers", 3, 99, "a1").text())
        .isEqualTo("POST /predict 422 code=unreadable-image model=flowers ms=3 bytes=99 id=a1");
  }

  @Test
  void textOfTheClientForgesNoLineAndIsShort() {
    String line =
        line("GET", "/\n2026 INFO\u001b[2J\u202e" + "x".repeat(9000), 404, null, "-", 0, 0, "b")
            .text();
    assertThat(line)
        .startsWith("GET /\\u000a2026 INFO\\u001b[2J\\u202exxx")
        .contains("… 404 code=- model=- ms=0 bytes=0 id=b")
        .hasLineCount(1)
        .hasSizeLessThan(300);
    assertThat(line("M".repeat(5000), null, 405, null, "-", 0, 0, "c").text())
        .startsWith("M".repeat(20) + "… - 405 ")
        .hasSizeLessThan(100);
  }

  /** A format such as JSON writes them, each by its name. */
  @Test
  void whatIsKnownIsAFieldToo() {
    assertThat(
            new RequestLog.Line("POST", "/p", 422, "unfit-tensor", "flowers", 3, 99, "a1", "ann\n")
                .fields())
        .isEqualTo(
            Map.of(
                "method", "POST",
                "path", "/p",
                "status", 422,
                "code", "unfit-tensor",
                "model", "flowers",
                "ms", 3L,
                "bytes", 99L,
                "request_id", "a1",
                "caller", "ann\\u000a"));
    assertThat(line("GET", null, 400, null, "-", 0, 0, "b").fields())
        .containsOnlyKeys("method", "status", "ms", "bytes", "request_id");
  }

  private static RequestLog.Line line(
      String method,
      @Nullable String path,
      int status,
      @Nullable String code,
      String model,
      long millis,
      long bytes,
      String id) {
    return new RequestLog.Line(method, path, status, code, model, millis, bytes, id, null);
  }
}
