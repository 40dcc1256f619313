package dev.glimpse.tracing;

import static dev.glimpse.support.Polling.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.metrics.SpanMetrics;
import dev.glimpse.support.LogLines;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of spans whose receiver is away, slow or refuses them. */
@Timeout(30)
class SpanQueueTest {

  private static final SpanQueue.Limits LIMITS =
      new SpanQueue.Limits(4, 2, Duration.ZERO, Duration.ofSeconds(20));

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final LogLines log = LogLines.of("dev.glimpse.tracing.SpanQueue");
  private final Receiver receiver = new Receiver();
  private final SpanQueue queue = new SpanQueue(receiver, LIMITS, "there", metrics());
  private final Tracer tracer =
      SdkTracerProvider.builder().addSpanProcessor(queue).build().get("test");

  private static final class Receiver implements SpanExporter {

    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger taken = new AtomicInteger();
    private volatile Supplier<CompletableResultCode> answer = CompletableResultCode::ofSuccess;

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
      asked.addAndGet(spans.size());
      CompletableResultCode result = answer.get();
      if (result.isSuccess()) {
        taken.addAndGet(spans.size());
      }
      return result;
    }

    @Override
    public CompletableResultCode flush() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
      return CompletableResultCode.ofSuccess();
    }
  }

  @AfterEach
  void close() {
    receiver.answer = CompletableResultCode::ofSuccess;
    queue.close(Duration.ofSeconds(10));
    log.close();
  }

  private SpanMetrics metrics() {
    return new SpanMetrics(registry);
  }

  @Test
  void spansAreExportedAndCounted() {
    end(3);

    await().until(() -> receiver.taken.get() == 3);
    await().until(() -> registry.get("glimpse.otlp.spans.exported").counter().count() == 3);
    assertThat(dropped("queue-full")).isZero();
  }

  /** The receiver does not answer: the queue fills, and what exceeds it is dropped at once. */
  @Test
  void fullQueueDropsAndNeverWaits() {
    CompletableResultCode late = new CompletableResultCode();
    receiver.answer = () -> late;
    end(2);
    await().until(() -> receiver.asked.get() > 0);
    int asked = receiver.asked.get();

    end(100);

    assertThat(dropped("queue-full")).isEqualTo(102 - asked - LIMITS.capacity());
    assertThat(registry.get("glimpse.otlp.spans.waiting").gauge().value())
        .isEqualTo(LIMITS.capacity());
    receiver.answer = CompletableResultCode::ofSuccess;
    late.succeed();
    await().until(() -> receiver.taken.get() == LIMITS.capacity());
  }

  /** The thread that exports goes on: a single lack of memory must not end tracing for good. */
  @Test
  void anErrorOfTheExporterDropsItsSpansOnly() {
    receiver.answer =
        () -> {
          throw new OutOfMemoryError("injected");
        };
    end(1);
    await().until(() -> dropped("refused") == 1);

    receiver.answer = CompletableResultCode::ofSuccess;
    end(1);
    await().until(() -> receiver.taken.get() == 1);
  }

  @Test
  void outageIsReportedOnceAndItsEndToo() {
    receiver.answer =
        () ->
            CompletableResultCode.ofExceptionalFailure(
                new IllegalStateException(new IOException("Connection\nrefused")));
    end(1);
    await().until(() -> dropped("refused") == 1);
    end(1);
    await().until(() -> dropped("refused") == 2);
    receiver.answer = CompletableResultCode::ofSuccess;
    end(1);

    await().until(() -> log.lines().size() == 2);
    assertThat(log.lines().get(0))
        .isEqualTo(
            "WARN Spans are not exported to there, because it cannot be reached"
                + " (java.io.IOException: Connection\\u000arefused). Until it is back they are"
                + " dropped, and counted in glimpse_otlp_spans_dropped_total.");
    assertThat(log.lines().get(1))
        .isEqualTo("INFO Spans are exported to there again; 2 were refused meanwhile.");
  }

  @Test
  void exporterThatThrowsEndsNothing() {
    receiver.answer =
        () -> {
          throw new IllegalStateException("out of order");
        };
    end(1);
    await().until(() -> dropped("refused") == 1);
    receiver.answer = CompletableResultCode::ofSuccess;
    end(1);

    await().until(() -> receiver.taken.get() == 1);
  }

  @Test
  void endExportsWhatWaits() {
    CompletableResultCode late = new CompletableResultCode();
    receiver.answer = () -> late;
    end(1);
    await().until(() -> receiver.asked.get() == 1);
    end(3);
    receiver.answer = CompletableResultCode::ofSuccess;
    late.succeed();
    queue.close(Duration.ofSeconds(20));

    assertThat(receiver.asked.get()).isEqualTo(4);
    assertThat(receiver.taken.get()).isGreaterThanOrEqualTo(3);
  }

  /** A receiver that does not answer delays the end of the process no longer than it may. */
  @Test
  void endDoesNotWaitForTheReceiver() {
    CompletableResultCode never = new CompletableResultCode();
    receiver.answer = () -> never;
    end(3);
    await().until(() -> receiver.asked.get() > 0);

    queue.close(Duration.ofMillis(1));

    await().until(() -> dropped("shutdown") == 3);
    end(1);
    assertThat(dropped("shutdown")).isEqualTo(4);
    assertThat(log.lines())
        .anyMatch(line -> line.startsWith("WARN 3 spans") && line.endsWith("before the end."));
  }

  private void end(int spans) {
    for (int i = 0; i < spans; i++) {
      tracer.spanBuilder("span").startSpan().end();
    }
  }

  private double dropped(String reason) {
    return registry.get("glimpse.otlp.spans.dropped").tag("reason", reason).counter().count();
  }
}
