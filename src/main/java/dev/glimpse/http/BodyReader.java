package dev.glimpse.http;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Reads a request's body into memory, as much as may be and no more, without blocking. JAX-RS would
 * read it first and ask afterwards.
 */
@ApplicationScoped
public class BodyReader {

  private static final int FIRST_BYTES = 64 << 10;

  private final Vertx vertx;
  private final long maxBytes;
  private final long timeoutMillis;

  BodyReader(Vertx vertx, GlimpseConfig config) {
    this.vertx = vertx;
    this.maxBytes = config.image().maxBytes().asLongValue();
    this.timeoutMillis = config.queue().bodyTimeout().toMillis();
  }

  /**
   * Reads a body. To be called on the request's event loop, by a resource method that takes no body
   * itself.
   *
   * @return completed on the event loop; fails with a {@link ServingException}: TOO_LARGE as soon
   *     as it is known that there are more bytes than {@code glimpse.image.max-bytes},
   *     REQUEST_TIMEOUT if they take longer than {@code glimpse.queue.body-timeout},
   *     MALFORMED_REQUEST if the client breaks off
   */
  public CompletionStage<byte[]> read(RoutingContext context) {
    HttpServerRequest request = context.request();
    CompletableFuture<byte[]> body = new CompletableFuture<>();
    long announced = contentLength(request);
    boolean expectsContinue = "100-continue".equalsIgnoreCase(request.getHeader("Expect"));
    if (announced > maxBytes) {
      if (expectsContinue) {
        context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
      }
      body.completeExceptionally(tooLarge());
      discard(request);
      return body;
    }
    if (expectsContinue) {
      context.response().writeContinue();
    }
    // An announcement alone is not worth memory.
    Buffer bytes = Buffer.buffer((int) Math.max(Math.min(announced, FIRST_BYTES), 0));
    long timer =
        vertx.setTimer(
            timeoutMillis,
            id -> {
              context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
              body.completeExceptionally(
                  new ServingException(
                      Failure.REQUEST_TIMEOUT,
                      "The body did not arrive within " + timeoutMillis + " ms."));
            });
    request
        .handler(chunk -> {
          if (bytes.length() + chunk.length() > maxBytes) {
            body.completeExceptionally(tooLarge());
            discard(request);
          } else {
            bytes.appendBuffer(chunk);
          }
        })
        .exceptionHandler(e ->
            body.completeExceptionally(
                new ServingException(
                    Failure.MALFORMED_REQUEST, "The body ends before it should.", e)))
        .endHandler(end -> body.complete(bytes.getBytes()))
        .resume();
    return body.whenComplete((ok, failed) -> vertx.cancelTimer(timer));
  }

  /**
   * Lets the rest of a body go by unread, so that a client that is still sending gets to read its
   * answer. Gives the connection up if there is more to come than a largest body.
   */
  private void discard(HttpServerRequest request) {
    long[] discarded = new long[1];
    request
        .handler(chunk -> {
          discarded[0] += chunk.length();
          if (discarded[0] > maxBytes) {
            request.connection().close();
          }
        })
        .endHandler(end -> {})
        .exceptionHandler(e -> {})
        .resume();
  }

  private ServingException tooLarge() {
    return new ServingException(
        Failure.TOO_LARGE,
        "The body is larger than " + maxBytes + " bytes, the most that is read.");
  }

  private static long contentLength(HttpServerRequest request) {
    String header = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    try {
      return header == null ? -1 : Long.parseLong(header);
    } catch (NumberFormatException e) {
      return -1; // the HTTP parser has refused worse already
    }
  }
}
