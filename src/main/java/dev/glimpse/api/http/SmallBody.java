package dev.glimpse.api.http;

import dev.glimpse.failure.ServingException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Reads a body that is no larger than the head of a request may be, and so needs no memory that
 * others could wait for: that of a probe, which has to be answered when all memory is taken.
 * Confined to the request's event loop.
 */
final class SmallBody {

  private final HttpServerRequest request;
  private final BodyReader reader;
  private final int most;
  private final Buffer body = Buffer.buffer();
  private final CompletableFuture<byte[]> result = new CompletableFuture<>();

  /**
   * Prepares to read a body.
   *
   * @param most bytes that are read
   */
  SmallBody(RoutingContext context, BodyReader reader, int most) {
    this.request = context.request();
    this.reader = reader;
    this.most = most;
    context.addEndHandler(ended -> result.completeExceptionally(BodyFailures.gone()));
  }

  /**
   * Reads it.
   *
   * @param millis how long it may take to arrive
   * @param late says what is wrong if it takes longer
   */
  CompletableFuture<byte[]> read(long millis, Supplier<ServingException> late) {
    long timer = reader.vertx().setTimer(millis, id -> fail(late.get()));
    var unused = result.whenComplete((bytes, failure) -> reader.vertx().cancelTimer(timer));
    request
        .exceptionHandler(e -> result.completeExceptionally(BodyFailures.brokenOff(e)))
        .handler(this::receive)
        .endHandler(end -> result.complete(body.getBytes()))
        .resume();
    return result;
  }

  private void receive(Buffer chunk) {
    if (body.length() + (long) chunk.length() > most) {
      fail(BodyFailures.tooLarge(most, ""));
    } else {
      body.appendBuffer(chunk);
    }
  }

  private void fail(ServingException why) {
    reader.discard(request, () -> {});
    result.completeExceptionally(why);
  }
}
