package dev.glimpse.api.http;

import dev.glimpse.bytes.ArrivingBytes;
import dev.glimpse.failure.AsyncFailures;
import dev.glimpse.failure.ServingException;
import dev.glimpse.pipeline.Body;
import dev.glimpse.pipeline.BodyProgress;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/**
 * Reads one body within its limits, as its memory is granted, and releases the memory if it fails.
 * Everything runs on the request's event loop.
 */
final class BodyReading {

  private final RoutingContext exchange;
  private final HttpServerRequest request;
  private final BodyReader reader;
  private final BodyLimits limits;
  private final BodyMemory memory;
  private final BodyProgress progress;
  private final ArrivingBytes bytes;
  private final BodyClock clock;
  private final BodyTimer timer;
  private final MemoryWait wait;
  private final BodySize size;
  private final ArrivingBody arriving;
  private final BodyLoan loan;
  private final CompletableFuture<Body> result = new CompletableFuture<>();

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
    Context context = reader.vertx().getOrCreateContext();
    this.memory = memory;
    this.progress = progress;
    this.bytes = new ArrivingBytes(reader.memory().blocks(), announced);
    this.size = new BodySize(request, limits, announced);
    this.clock = new BodyClock(limits.rate(), announced);
    this.loan = BodyLoan.of(request);
    this.timer =
        new BodyTimer(
            reader.vertx(), clock, limits.rate(), limits.timeout().toMillis(), this::endConnection);
    this.wait =
        new MemoryWait(
            reader,
            context,
            memory.network(),
            request.connection(),
            limits.memoryWait(),
            timer,
            result,
            this::refuse);
    this.arriving =
        new ArrivingBody(
            request, context, clock, memory::bytes, reader::retryAfter, this::endConnection);
  }

  CompletableFuture<Body> start() {
    request.exceptionHandler(e -> failAs(BodyFailures.brokenOff(e)));
    exchange.addEndHandler(ended -> failAs(BodyFailures.gone()));
    waits();
    wait.await(
        memory.takeFirst(), reader.memory().firstBytes(), ArrivingBytes.FIRST_BYTES, this::begin);
    return result;
  }

  private void begin() {
    if (BodyReader.expectsContinue(request)) {
      exchange.response().writeContinue();
    }
    FairReading.of(request);
    request.handler(this::receive).endHandler(end -> complete());
    arrive();
  }

  /** Lets bytes arrive; from now on the body's clock runs. */
  private void arrive() {
    clock.start();
    if (limits.rate().minimum() > 0) {
      progress.arrives();
      reader.slow().add(arriving);
    }
    timer.start();
    loan.open();
    request.resume();
  }

  /** Lets no bytes arrive, and stops the body's clock. */
  private void pause() {
    request.pause();
    loan.close();
    timer.stop();
    clock.stop();
    waits();
    reader.slow().remove(arriving);
  }

  private void waits() {
    if (limits.rate().minimum() > 0) {
      progress.waits();
    }
  }

  private void receive(Buffer chunk) {
    try {
      if (!result.isDone()) {
        take(chunk);
      }
    } finally {
      loan.returned();
    }
  }

  private void take(Buffer chunk) {
    ByteBuffer view = view(chunk);
    ServingException excess = size.excess(bytes.length(), view, this::announce);
    if (excess != null) {
      failAndDiscard(excess);
      return;
    }
    clock.add(chunk.length());
    long missing = memory.missing(bytes, chunk.length());
    CompletableFuture<Void> granted =
        missing > 0 ? memory.takeMore(missing) : CompletableFuture.completedFuture(null);
    if (granted.isDone() && !granted.isCompletedExceptionally()) {
      if (append(view) && missing > 0) {
        allowRest();
      }
      return;
    }
    ByteBuffer kept = loan.isOpen() ? ByteBuffer.wrap(chunk.getBytes()) : view;
    pause();
    wait.await(
        granted,
        reader.memory().bodies(),
        missing,
        () -> {
          if (append(kept)) {
            allowRest();
            arrive();
          }
        });
  }

  /** Lets the client send at once what there is memory for now. */
  private void allowRest() {
    StreamWindow.allow(request, memory.announced() - bytes.length());
  }

  /** Goes on as if the request's header had announced so many bytes. */
  private void announce(long whole) {
    if (whole > limits.maxBytes()) {
      reader.memory().bodies().refused(whole);
      return;
    }
    bytes.announce(whole);
    memory.announce(whole);
    clock.announce(whole);
  }

  /** Returns false, and fails, if the system has no memory. */
  private boolean append(ByteBuffer chunk) {
    int length = chunk.remaining();
    try {
      bytes.append(chunk);
      return true;
    } catch (OutOfMemoryError e) {
      failAndDiscard(reader.noMemory(length, 0));
      return false;
    }
  }

  /** Returns what a chunk holds, without a copy, for which there is no other method. */
  @SuppressWarnings("deprecation")
  private static ByteBuffer view(Buffer chunk) {
    return chunk.getByteBuf().nioBuffer();
  }

  /** Waits for the memory that decompression takes, if any, and hands the body over. */
  private void complete() {
    loan.end();
    timer.stop();
    reader.slow().remove(arriving);
    if (result.isDone()) {
      return;
    }
    waits();
    int decompressed = reader.decompressed(request, bytes.length());
    long missing = memory.missing(decompressed);
    wait.await(
        memory.keep(decompressed),
        reader.memory().bodies(),
        missing,
        () -> {
          Body body = new Body(bytes.take(), decompressed, memory::close);
          if (!result.complete(body)) {
            body.close();
          }
        });
  }

  /** Fails, and discards the rest of the body. */
  private void refuse(ServingException why) {
    close();
    if (!result.isDone()) {
      var unused =
          reader
              .<Body>refuse(exchange, why)
              .whenComplete((body, failure) -> failAs(AsyncFailures.cause(failure)));
    }
  }

  private void endConnection(ServingException why) {
    if (!result.isDone() && !exchange.response().headWritten()) {
      ConnectionClose.announce(exchange);
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
    timer.cancel();
    wait.stop();
    reader.slow().remove(arriving);
    if (result.completeExceptionally(why)) {
      close();
    }
  }

  private void close() {
    loan.end();
    bytes.close();
    memory.close();
  }
}
