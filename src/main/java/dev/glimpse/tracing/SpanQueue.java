package dev.glimpse.tracing;

import dev.glimpse.failure.Outage;
import dev.glimpse.failure.Printable;
import dev.glimpse.metrics.SpanMetrics;
import dev.glimpse.metrics.SpanMetrics.Loss;
import dev.glimpse.threads.DaemonThreads;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.internal.FailedExportException.HttpExportException;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Exports spans in batches, on a thread of its own. A span that finds the queue full is dropped, so
 * that no request waits for the receiver; so is a batch that it does not take in time. What is
 * dropped is counted; that the receiver is away is logged once, and that it is back, too, but no
 * more often than once a minute.
 *
 * <p>It takes the place of OpenTelemetry's {@code BatchSpanProcessor}, which logs neither, and
 * counts only by its own kind of metrics.
 */
final class SpanQueue implements SpanProcessor {

  private static final Logger LOG = Logger.getLogger(SpanQueue.class);

  /**
   * The bounds of the queue.
   *
   * @param capacity spans that may wait, each of about a kilobyte
   * @param batch spans in one request
   * @param pause how long the first span of a batch waits for others
   * @param timeout how long the receiver may take for a batch
   */
  record Limits(int capacity, int batch, Duration pause, Duration timeout) {}

  /** Causes that are looked at; a chain may be circular. */
  private static final int DEEPEST = 20;

  /** How soon the thread notices that it is to end. */
  private static final Duration GLANCE = Duration.ofMillis(100);

  private final SpanExporter exporter;
  private final Limits limits;
  private final String receiver;
  private final SpanMetrics metrics;
  private final BlockingQueue<ReadableSpan> queue;
  private final Thread thread;
  private volatile boolean closed;

  /** How many are being exported; written by the thread. */
  private volatile int sending;

  /** Of the thread alone, as is the next: what was refused since a span was last taken. */
  private long missed;

  private final Outage outage = new Outage(System::nanoTime);

  /**
   * Starts to export.
   *
   * @param exporter does so; closed with this
   * @param receiver its address for the log, without what may be secret
   */
  SpanQueue(SpanExporter exporter, Limits limits, String receiver, SpanMetrics metrics) {
    this.exporter = exporter;
    this.limits = limits;
    this.receiver = receiver;
    this.metrics = metrics;
    this.queue = new ArrayBlockingQueue<>(limits.capacity);
    metrics.watch(queue::size);
    this.thread = DaemonThreads.create("otlp", this::run);
    thread.start();
  }

  @Override
  public void onStart(Context parent, ReadWriteSpan span) {}

  @Override
  public boolean isStartRequired() {
    return false;
  }

  @Override
  public void onEnd(ReadableSpan span) {
    if (!span.getSpanContext().isSampled()) {
      return;
    }
    if (closed) {
      metrics.dropped(Loss.SHUTDOWN, 1);
    } else if (!queue.offer(span)) {
      metrics.dropped(Loss.QUEUE_FULL, 1);
    }
  }

  @Override
  public boolean isEndRequired() {
    return true;
  }

  /**
   * Exports what waits, and ends.
   *
   * @param longest for how long it waits for that; what is left then is dropped
   */
  void close(Duration longest) {
    closed = true;
    try {
      thread.join(longest.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      thread.interrupt();
      LOG.warnf(
          "%d spans were not exported to %s before the end.", queue.size() + sending, receiver);
    }
    exporter.shutdown();
  }

  private void run() {
    List<ReadableSpan> batch = new ArrayList<>();
    try {
      while (!closed || !queue.isEmpty()) {
        try {
          gather(batch);
          if (!batch.isEmpty()) {
            sending = batch.size();
            export(batch);
          }
        } catch (RuntimeException
            | Error e) { // such as for lack of memory: the thread must not end
          metrics.dropped(Loss.REFUSED, batch.size());
          batch.clear();
        }
        sending = 0;
      }
    } catch (InterruptedException e) {
      metrics.dropped(Loss.SHUTDOWN, batch.size() + queue.size());
    }
  }

  /** Waits for a span, and then for a whole batch, but not for long. */
  private void gather(List<ReadableSpan> batch) throws InterruptedException {
    ReadableSpan first = queue.poll(GLANCE.toMillis(), TimeUnit.MILLISECONDS);
    if (first == null) {
      return;
    }
    batch.add(first);
    long end = System.nanoTime() + limits.pause.toNanos();
    while (batch.size() < limits.batch && !closed && System.nanoTime() < end) {
      ReadableSpan next =
          queue.poll(Math.min(end - System.nanoTime(), GLANCE.toNanos()), TimeUnit.NANOSECONDS);
      if (next != null) {
        batch.add(next);
      }
    }
    queue.drainTo(batch, limits.batch - batch.size());
  }

  /** Exports a batch, counts what became of it, and clears it. */
  private void export(List<ReadableSpan> batch) throws InterruptedException {
    CompletableResultCode result;
    try {
      result = exporter.export(batch.stream().map(ReadableSpan::toSpanData).toList());
    } catch (RuntimeException | Error e) {
      result = CompletableResultCode.ofExceptionalFailure(e);
    }
    result.join(limits.timeout.toNanos(), TimeUnit.NANOSECONDS);
    if (result.isSuccess()) {
      metrics.exported(batch.size());
      batch.clear();
      back();
      return;
    }
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    int spans = batch.size();
    metrics.dropped(Loss.REFUSED, spans);
    batch.clear();
    away(reason(result), spans);
  }

  private void back() {
    if (outage.worked()) {
      LOG.infof("Spans are exported to %s again; %d were refused meanwhile.", receiver, missed);
    }
    missed = 0;
  }

  private void away(String reason, int spans) {
    if (outage.failed()) {
      LOG.warnf(
          "Spans are not exported to %s, because it %s. Until it is back they are dropped, and"
              + " counted in glimpse_otlp_spans_dropped_total.",
          receiver, reason);
    }
    missed += spans;
  }

  private String reason(CompletableResultCode result) {
    if (!result.isDone()) {
      return "does not answer within %d ms".formatted(limits.timeout.toMillis());
    }
    Throwable failure = result.getFailureThrowable();
    return failure instanceof HttpExportException known && known.getResponse() != null
        ? "answers %d".formatted(known.getResponse().statusCode())
        : "cannot be reached (%s)".formatted(root(failure));
  }

  private static String root(@Nullable Throwable failure) {
    Throwable last = failure;
    for (int depth = 0; last != null && last.getCause() != null && depth < DEEPEST; depth++) {
      last = last.getCause();
    }
    return Printable.of(String.valueOf(last));
  }
}
