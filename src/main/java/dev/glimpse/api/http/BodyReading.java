package dev.glimpse.api.http;

import dev.glimpse.failure.AsyncFailures;
import dev.glimpse.failure.ServingException;
import dev.glimpse.pipeline.Body;
import dev.glimpse.pipeline.BodyProgress;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads one body: waits for its memory with the connection paused, reads within its limits, and
 * releases the memory if it fails. Everything runs on the request's event loop, but for {@link
 * #giveUpMemory} and what it asks.
 */
final class BodyReading {

  private final RoutingContext exchange;
  private final HttpServerRequest request;
  private final BodyReader reader;
  private final BodyLimits limits;
  private final Vertx vertx;
  private final Context context;
  private final BodyMemory memory;
  private final BodyProgress progress;
  private final long announced;
  private final BodyBuffer bytes;
  private final CompletableFuture<Body> result = new CompletableFuture<>();
  private final long asked = System.nanoTime();
  private long timer = -1;

  /** How long bytes could arrive before the connection was paused. */
  private volatile long before;

  /** When bytes could arrive again. */
  private volatile long started;

  private volatile int received;

  /**
   * Bounds one body.
   *
   * @param maxBytes the most bytes
   * @param timeout how long the request may take from now on
   * @param memoryWait how long it may wait for its memory
   * @param rate how fast the body has to arrive
   */
  record BodyLimits(long maxBytes, Duration timeout, Duration memoryWait, BodyRate rate) {}

  BodyReading(
      RoutingContext exchange,
      BodyReader reader,
      BodyLimits limits,
      long announced,
      BodyMemory memory,
      BodyProgress progress) {
    this.exchange = exchange;
    this.request = exchange.request();
    this.reader = reader;
    this.limits = limits;
    this.vertx = reader.vertx();
    this.context = vertx.getOrCreateContext();
    this.memory = memory;
    this.progress = progress;
    this.announced = announced;
    this.bytes = new BodyBuffer(announced);
  }

  CompletableFuture<Body> start() {
    request.exceptionHandler(e -> failAs(BodyFailures.brokenOff(e)));
    exchange.addEndHandler(ended -> failAs(BodyFailures.gone()));
    CompletableFuture<Void> granted = memory.takeFirst();
    if (granted.isDone()) {
      granted.whenComplete(this::begin);
    } else {
      await(granted, BodyBuffer.FIRST_BYTES, this::begin);
    }
    return result;
  }

  /** Waits for memory, with the connection paused, and then goes on. */
  private void await(
      CompletableFuture<Void> granted, long needed, BiConsumer<Void, Throwable> next) {
    Runnable stopReclaiming = reader.slow().reclaimUntil(granted, needed);
    long left = limits.timeout().toMillis() - TimeUnit.NANOSECONDS.toMillis(now() - asked);
    long millis = Math.max(Math.min(limits.memoryWait().toMillis(), left), 1);
    timer = vertx.setTimer(millis, id -> refuse(granted, needed, millis));
    granted.whenComplete((ok, failure) -> {
      stopReclaiming.run();
      context.runOnContext(now -> {
        cancelTimer();
        if (!result.isDone()) {
          next.accept(ok, failure);
        }
      });
    });
  }

  private void refuse(CompletableFuture<Void> granted, long needed, long millis) {
    if (!granted.isDone()) {
      refuse(
          millis < limits.memoryWait().toMillis()
              ? BodyFailures.deadlinePassed()
              : reader.noMemory(needed, millis));
    }
  }

  /** Fails, and discards the rest of the body. */
  private void refuse(ServingException why) {
    memory.close();
    reader.<Body>refuse(exchange, why).whenComplete((body, failure) -> failAs(failure));
  }

  private void begin(@Nullable Void granted, @Nullable Throwable failure) {
    if (failure != null) {
      refuse(serving(failure));
      return;
    }
    if (BodyReader.expectsContinue(request)) {
      exchange.response().writeContinue();
    }
    request.handler(this::receive).endHandler(end -> complete());
    arrive();
  }

  /** Lets bytes arrive; from now on the body's clock runs. */
  private void arrive() {
    started = now();
    if (limits.rate().minimum() > 0) {
      progress.arrives();
      reader.slow().add(this);
    }
    startTimer();
    request.resume();
  }

  /** Lets no bytes arrive, and stops the body's clock. */
  private void pause() {
    request.pause();
    before = elapsed();
    cancelTimer();
    progress.waits();
    reader.slow().remove(this);
  }

  private void receive(Buffer chunk) {
    if (result.isDone()) {
      return;
    }
    if (bytes.length() + (long) chunk.length() > limits.maxBytes()) {
      failAndDiscard(BodyFailures.tooLarge(limits.maxBytes()));
      return;
    }
    received += chunk.length();
    long missing = memory.missing(bytes, chunk.length());
    if (missing <= 0) {
      bytes.append(chunk);
      return;
    }
    CompletableFuture<Void> granted = memory.take(missing);
    if (granted.isDone() && !granted.isCompletedExceptionally()) {
      bytes.append(chunk);
      return;
    }
    pause();
    await(granted, missing, (ok, failure) -> goOn(chunk, failure));
  }

  private void goOn(Buffer chunk, @Nullable Throwable failure) {
    if (failure != null) {
      refuse(serving(failure));
      return;
    }
    bytes.append(chunk);
    arrive();
  }

  private void complete() {
    cancelTimer();
    reader.slow().remove(this);
    if (result.isDone()) {
      return;
    }
    byte[] body = bytes.bytes();
    memory.keep(body.length);
    int unpacked = ContentCoding.isIdentity(request) ? body.length : (int) limits.maxBytes();
    if (!result.complete(new Body(body, unpacked, memory::close))) {
      memory.close();
    }
  }

  private void startTimer() {
    long waited = TimeUnit.NANOSECONDS.toMillis(started - asked - before);
    long left = Math.max(limits.timeout().toMillis() - waited, 1);
    long check = TimeUnit.NANOSECONDS.toMillis(limits.rate().allowed(received));
    long elapsed = TimeUnit.NANOSECONDS.toMillis(elapsed());
    timer = vertx.setTimer(Math.max(Math.min(left, check) - elapsed, 1), id -> onTimer(left));
  }

  /** Fails a body that is late or too slow, or looks again when it could be. */
  private void onTimer(long left) {
    BodyRate rate = limits.rate();
    long millis = TimeUnit.NANOSECONDS.toMillis(elapsed());
    if (millis >= left) {
      endConnection(BodyFailures.deadlinePassed());
    } else if (elapsed() >= rate.longest()) {
      endConnection(BodyFailures.late(TimeUnit.NANOSECONDS.toMillis(rate.longest())));
    } else if (rate.tooSlow(elapsed(), received)) {
      endConnection(BodyFailures.tooSlow(received, millis, rate.minimum()));
    } else {
      startTimer();
    }
  }

  /** Returns the bytes it would release, if it is so slow that others need not wait for it. */
  long memoryToGiveUp(Duration old) {
    long elapsed = elapsed();
    long expected = announced < 0 ? memory.bytes() : announced;
    return elapsed > old.toNanos()
            && BodyRate.wouldTakeLonger(elapsed, received, expected, limits.rate().longest())
        ? memory.bytes()
        : 0;
  }

  /** Fails the request, because others wait for its memory. */
  void giveUpMemory() {
    context.runOnContext(now -> {
      long millis = TimeUnit.NANOSECONDS.toMillis(elapsed());
      endConnection(BodyFailures.memoryNeeded(received, millis, reader.retryAfter()));
    });
  }

  private long elapsed() {
    return before + now() - started;
  }

  private static long now() {
    return System.nanoTime();
  }

  private void endConnection(ServingException why) {
    if (!result.isDone() && !exchange.response().headWritten()) {
      exchange.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
    failAndDiscard(why);
  }

  private void failAndDiscard(ServingException why) {
    if (!result.isDone()) {
      failAs(why);
      reader.discard(request, () -> {});
    }
  }

  private void failAs(Throwable why) {
    cancelTimer();
    reader.slow().remove(this);
    if (result.completeExceptionally(AsyncFailures.cause(why))) {
      memory.close();
    }
  }

  private void cancelTimer() {
    vertx.cancelTimer(timer);
  }

  private static ServingException serving(Throwable failure) {
    return AsyncFailures.cause(failure) instanceof ServingException known
        ? known
        : BodyFailures.gone(); // released while it waited
  }
}
