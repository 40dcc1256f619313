package dev.glimpse.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The headers of the W3C's trace context, where no spans are exported. */
class TraceContextTest {

  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String SPAN = "b7ad6b7169203331";
  private static final String HEADER = "00-" + TRACE + "-" + SPAN + "-01";

  @Test
  void callersTraceIsPassedOnAsItCame() {
    TraceContext context = ForwardedTrace.of(HEADER, List.of("a=1,b=2", "c=3")).context();

    assertThat(context).isNotNull();
    assertThat(context.traceId()).isEqualTo(TRACE);
    assertThat(context.spanId()).isEqualTo(SPAN);
    assertThat(context.sampled()).isTrue();
    assertThat(headers(context))
        .isEqualTo(Map.of("traceparent", HEADER, "tracestate", "a=1,b=2,c=3"));
  }

  @Test
  void traceThatIsNotSampledIsPassedOnToo() {
    String header = "00-" + TRACE + "-" + SPAN + "-00";
    TraceContext context = ForwardedTrace.of(header, List.of()).context();

    assertThat(context).isNotNull();
    assertThat(context.sampled()).isFalse();
    assertThat(headers(context)).isEqualTo(Map.of("traceparent", header));
  }

  /** A later version may have more parts; what is known of it counts. */
  @Test
  void laterVersionIsReadAsTheKnownOne() {
    TraceContext context =
        ForwardedTrace.of("cc-" + TRACE + "-" + SPAN + "-01-what-comes-later", List.of()).context();

    assertThat(context).isNotNull();
    assertThat(context.traceparent()).isEqualTo(HEADER);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "nonsense",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "00-0AF7651916CD43DD8448EB211C80319C-B7AD6B7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0",
        "00-0af7651916cd43dd8448eb211c80319-b7ad6b7169203331-01",
        "00_0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331_01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-xy",
        "00-0af7651916cd43dd8448eb211c80319c\u0000b7ad6b7169203331-01",
      })
  void invalidHeaderIsIgnored(String header) {
    assertThat(ForwardedTrace.of(header, List.of("a=1"))).isSameAs(RequestTrace.NONE);
  }

  @Test
  void invalidOrLongStateIsLeftOut() {
    for (String state : List.of("no pair", "a=" + "x".repeat(600), "A=1", "a=1,".repeat(40))) {
      TraceContext context = ForwardedTrace.of(HEADER, List.of(state)).context();

      assertThat(context).isNotNull();
      assertThat(context.tracestate()).as(state).isEmpty();
      assertThat(context.traceparent()).isEqualTo(HEADER);
    }
  }

  @Test
  void contextIsThatOfTheThreadWithItsLogContext() {
    TraceContext context = ForwardedTrace.of(HEADER, List.of()).context();

    assertThat(context).isNotNull();
    assertThat(TraceContext.current()).isNull();
    assertThat(context.<TraceContext>call(TraceContext::current)).isSameAs(context);
    assertThat(TraceContext.current()).isNull();
    assertThat(context.logFields().get("trace_id")).hasToString(TRACE);
  }

  private static Map<String, String> headers(TraceContext context) {
    Map<String, String> headers = new HashMap<>();
    context.write(headers::put);
    return headers;
  }
}
