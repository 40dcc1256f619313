package dev.glimpse.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.tracing.TraceContext;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RequestLineTest {

  private static final TraceContext TRACE =
      new TraceContext("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", true, "", "");

  @Test
  void lineHasAllFacts() {
    assertThat(line("POST", "/predict", 422, "unreadable-image", "flowers", 3, 99, "a1").text())
        .isEqualTo("POST /predict 422 code=unreadable-image model=flowers ms=3 bytes=99 id=a1");
  }

  @Test
  void textOfTheClientForgesNoLineAndIsShort() {
    String line =
        line("GET", "/\n2026 INFO\u001b[2J\u202e" + "x".repeat(9000), 404, null, null, 0, 0, "b")
            .text();
    assertThat(line)
        .startsWith("GET /\\u000a2026 INFO\\u001b[2J\\u202exxx")
        .contains("… 404 code=- model=- ms=0 bytes=0 id=b")
        .hasLineCount(1)
        .hasSizeLessThan(300);
    assertThat(line("M".repeat(5000), null, 405, null, null, 0, 0, "c").text())
        .startsWith("M".repeat(20) + "… - 405 ")
        .hasSizeLessThan(100);
  }

  /** A format such as JSON writes them, each by its name. */
  @Test
  void whatIsKnownIsAFieldToo() {
    assertThat(
            new RequestLine(
                    "POST", "/p", 422, "unfit-tensor", "flowers", 3, 99, "a1", "ann\n", TRACE)
                .fields())
        .isEqualTo(
            entries(
                "method", "POST",
                "path", "/p",
                "status", 422,
                "code", "unfit-tensor",
                "model", "flowers",
                "ms", 3L,
                "bytes", 99L,
                "request_id", "a1",
                "caller", "ann\\u000a",
                "trace_id", TRACE,
                "span_id", "b7ad6b7169203331"));
    assertThat(line("GET", null, 400, null, null, 0, 0, "b").fields())
        .containsOnlyKeys("method", "status", "ms", "bytes", "request_id");
  }

  @Test
  void lineEndsWithCallerAndTrace() {
    assertThat(
            new RequestLine("GET", "/a", 401, "unauthorized", null, 0, 0, "a1", "ann", TRACE)
                .text())
        .endsWith(" id=a1 caller=ann trace=0af7651916cd43dd8448eb211c80319c");
  }

  private static Map<String, Object> entries(Object... keysAndValues) {
    Map<String, Object> entries = new HashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      entries.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return entries;
  }

  private static RequestLine line(
      String method,
      @Nullable String path,
      int status,
      @Nullable String code,
      @Nullable String model,
      long millis,
      long bytes,
      String id) {
    return new RequestLine(method, path, status, code, model, millis, bytes, id, null, null);
  }
}
