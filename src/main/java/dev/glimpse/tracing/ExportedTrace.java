package dev.glimpse.tracing;

import dev.glimpse.metrics.Timing;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Records the spans of one request: its own, and below it one for each step. */
final class ExportedTrace implements RequestTrace {

  private static final int FIRST_FAULT = 500;

  /** What a request is answered with whose client has gone; no server has sent it. */
  private static final int CLIENT_GONE = 499;

  private final Tracer tracer;
  private final Span span;
  private final String method;
  private final TraceContext context;
  private volatile @Nullable String model;
  private volatile @Nullable String version;
  private volatile @Nullable String code;

  /**
   * Follows a request.
   *
   * @param span the request's, which has begun
   * @param method of HTTP, with which the span's name begins
   */
  ExportedTrace(Tracer tracer, Span span, String method) {
    this.tracer = tracer;
    this.span = span;
    this.method = method;
    this.context = W3cHeaders.write(span.getSpanContext());
  }

  @Override
  public TraceContext context() {
    return context;
  }

  @Override
  public void modelChosen(String name, String chosen) {
    model = name;
    version = chosen;
    describe(span);
  }

  /** Sets the model's attributes, if it is known. */
  private void describe(Span part) {
    String name = model;
    String number = version;
    if (name != null && number != null) {
      part.setAttribute("glimpse.model.name", name);
      part.setAttribute("glimpse.model.version", number);
    }
  }

  @Override
  public void worked(Timing timing, long batchWaitNanos) {
    if (!span.isRecording()) {
      return;
    }
    long end = now();
    long arrived = end - timing.total();
    add("queue", arrived, timing.queue() - batchWaitNanos);
    // The steps follow one another up to now.
    long inference = end - timing.inference();
    long batch = inference - batchWaitNanos;
    long preprocess = batch - timing.preprocess();
    add("decode", preprocess - timing.decode(), timing.decode());
    add("preprocess", preprocess, timing.preprocess());
    add("batch wait", batch, batchWaitNanos);
    add("inference", inference, timing.inference());
  }

  private void add(String name, long start, long nanos) {
    if (nanos > 0) {
      Span step = child(name, start);
      describe(step);
      step.end(start + nanos, TimeUnit.NANOSECONDS);
    }
  }

  private Span child(String name, long start) {
    return tracer
        .spanBuilder(name)
        .setParent(Context.root().with(span))
        .setStartTimestamp(start, TimeUnit.NANOSECONDS)
        .startSpan();
  }

  private static long now() {
    Instant now = Instant.now();
    return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
  }

  @Override
  public TracedStep begin(String name) {
    Span step = child(name, now());
    TraceContext below = W3cHeaders.write(step.getSpanContext());
    return new TracedStep() {
      @Override
      public TraceContext context() {
        return below;
      }

      @Override
      public void end(@Nullable Throwable failure) {
        if (failure != null) {
          step.setStatus(StatusCode.ERROR);
          step.setAttribute("error.type", failure.getClass().getName());
        }
        step.end(now(), TimeUnit.NANOSECONDS);
      }
    };
  }

  @Override
  public void failed(String failure) {
    code = failure;
  }

  @Override
  public void end(int status, @Nullable String route) {
    if (route != null) {
      span.updateName(method + " " + route);
      span.setAttribute("http.route", route);
    }
    if (status != CLIENT_GONE) {
      span.setAttribute("http.response.status_code", status);
    }
    String failure = code;
    if (failure != null) {
      span.setAttribute("error.type", failure);
    } else if (status >= FIRST_FAULT) {
      span.setAttribute("error.type", Integer.toString(status));
    }
    if (status >= FIRST_FAULT) { // by the conventions, 4xx is no error of a server
      span.setStatus(StatusCode.ERROR);
    }
    span.end();
  }
}
