package dev.glimpse.api.http;

import dev.glimpse.failure.AsyncFailures;
import dev.glimpse.failure.ServingException;
import dev.glimpse.memory.MemoryBudget;
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

/**
 * Reads one body: waits for its memory with the connection paused, reads within its limits, and
 * releases the memory if it fails. Everything runs on the request's event loop, but for {@link
 * #giveUpMemory}.
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
  private final BodyBuffer bytes;
  private final BodyClock clock;
  private final CompletableFuture<Body> result = new CompletableFuture<>();
  private long millisLeft;
  private long timer = -1;

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
    this.bytes = new BodyBuffer(announced);
    this.clock = new BodyClock(limits.rate(), announced);
    this.millisLeft = limits.timeout().toMillis();
  }

  CompletableFuture<Body> start() {
    request.exceptionHandler(e -> failAs(BodyFailures.brokenOff(e)));
    exchange.addEndHandler(ended -> failAs(BodyFailures.gone()));
    CompletableFuture<Void> granted = memory.takeFirst();
    if (granted.isDone()) {
      begin();
    } else {
      await(granted, reader.memory().firstBytes(), BodyBuffer.FIRST_BYTES, this::begin);
    }
    return result;
  }

  /** Waits for memory, with the connection paused, and then goes on. */
  private void await(
      CompletableFuture<Void> granted, MemoryBudget budget, long needed, Runnable next) {
    long asked = System.nanoTime();
    reader.slow().reclaimUntil(CompletableFuture.anyOf(granted, result), budget, needed);
    long millis = Math.max(Math.min(limits.memoryWait().toMillis(), millisLeft), 1);
    timer = vertx.setTimer(millis, id -> refuseUnless(granted, needed, millis));
    var unused =
        granted.whenComplete((ok, failure) ->
            context.runOnContext(now -> {
              cancelTimer();
              millisLeft -= TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - asked);
              if (failure != null) {
                refuse(serving(failure));
              } else if (!result.isDone()) {
                next.run();
              }
            }));
  }

  private void refuseUnless(CompletableFuture<Void> granted, long needed, long millis) {
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
    if (!result.isDone()) {
      var unused =
          reader
              .<Body>refuse(exchange, why)
              .whenComplete((body, failure) -> failAs(AsyncFailures.cause(failure)));
    }
  }

  private void begin() {
    if (BodyReader.expectsContinue(request)) {
      exchange.response().writeContinue();
    }
    request.handler(this::receive).endHandler(end -> complete());
    arrive();
  }

  /** Lets bytes arrive; from now on the body's clock runs. */
  private void arrive() {
    clock.start();
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
    clock.stop();
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
    clock.add(chunk.length());
    long missing = memory.missing(bytes, chunk.length());
    CompletableFuture<Void> granted =
        missing > 0 ? memory.takeMore(missing) : CompletableFuture.completedFuture(null);
    if (granted.isDone() && !granted.isCompletedExceptionally()) {
      bytes.append(chunk);
      return;
    }
    pause();
    await(
        granted,
        reader.memory().bodies(),
        missing,
        () -> {
          bytes.append(chunk);
          arrive();
        });
  }

  private void complete() {
    cancelTimer();
    reader.slow().remove(this);
    if (result.isDone()) {
      return;
    }
    byte[] body = bytes.bytes();
    memory.keep(body.length);
    int unpacked = reader.unpacked(request, body.length);
    if (!result.complete(new Body(body, unpacked, memory::close))) {
      memory.close();
    }
  }

  private void startTimer() {
    long check = TimeUnit.NANOSECONDS.toMillis(limits.rate().allowed(clock.received()));
    timer =
        vertx.setTimer(
            Math.max(Math.min(millisLeft, check) - clock.millis(), 1), id -> checkInTime());
  }

  /** Fails a body that is late or too slow; otherwise sets the timer of the next check. */
  private void checkInTime() {
    BodyRate rate = limits.rate();
    long elapsed = clock.elapsed();
    if (clock.millis() >= millisLeft) {
      endConnection(BodyFailures.deadlinePassed());
    } else if (elapsed >= rate.longest()) {
      endConnection(BodyFailures.late(TimeUnit.NANOSECONDS.toMillis(rate.longest())));
    } else if (rate.tooSlow(elapsed, clock.received())) {
      endConnection(BodyFailures.tooSlow(clock.received(), clock.millis(), rate.minimum()));
    } else {
      startTimer();
    }
  }

  BodyClock clock() {
    return clock;
  }

  BodyMemory memory() {
    return memory;
  }

  /** Fails the request, because others wait for its memory. */
  void giveUpMemory() {
    context.runOnContext(now ->
        endConnection(
            BodyFailures.memoryNeeded(clock.received(), clock.millis(), reader.retryAfter())));
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
    if (result.completeExceptionally(why)) {
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
