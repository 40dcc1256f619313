package dev.glimpse.api.http;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import io.vertx.core.Vertx;
import io.vertx.core.VertxException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Reads a request's body into memory, as much as may be and no more, without blocking. JAX-RS would
 * read it first and ask afterwards.
 */
@ApplicationScoped
public class BodyReader {

  /**
   * How many times the largest body's bytes are discarded before the connection is closed. Most
   * clients read the response only when they have sent all, and lose it if the connection is closed
   * before; a body larger than this is not a photo that the client could have scaled down.
   */
  private static final int LARGEST_BODIES_LET_GO = 4;

  private final Vertx vertx;
  private final GracefulShutdown drain;
  private final long maxBytes;
  private final long timeoutMillis;

  BodyReader(Vertx vertx, GracefulShutdown drain, GlimpseConfig config) {
    this.vertx = vertx;
    this.drain = drain;
    this.maxBytes = config.image().maxBytes().asLongValue();
    this.timeoutMillis = config.queue().bodyTimeout().toMillis();
  }

  /**
   * Reads a body. To be called on the request's event loop, by a resource method that takes no body
   * itself.
   *
   * @param patience how long the whole request may take from now on
   * @return completed on the event loop; fails with a {@link ServingException}: TOO_LARGE as soon
   *     as it is known that there are more bytes than {@code glimpse.image.max-bytes},
   *     REQUEST_TIMEOUT if they take longer than {@code glimpse.queue.body-timeout},
   *     DEADLINE_PASSED if they take longer than {@code patience}, MALFORMED_REQUEST if they are no
   *     HTTP, CLIENT_GONE if the client breaks off
   */
  public CompletionStage<byte[]> read(RoutingContext context, Duration patience) {
    return read(context, patience, maxBytes);
  }

  /**
   * As above, where a body is no image and no tensor.
   *
   * @param most bytes that are read; never more than {@code glimpse.image.max-bytes}
   */
  public CompletionStage<byte[]> read(RoutingContext context, Duration patience, long most) {
    HttpServerRequest request = context.request();
    CompletableFuture<byte[]> body = new CompletableFuture<>();
    long limit = Math.min(most, maxBytes);
    long announced = contentLength(request);
    if (announced > limit) {
      return refuse(context, tooLarge(limit));
    }
    if (expectsContinue(request)) {
      context.response().writeContinue();
    }
    BodyBuffer bytes = new BodyBuffer(announced);
    long millis = Math.max(Math.min(timeoutMillis, patience.toMillis()), 1);
    long timer =
        vertx.setTimer(
            millis,
            id -> {
              context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
              body.completeExceptionally(late(millis));
              discard(request, () -> {});
            });
    request
        .handler(chunk -> {
          if (bytes.length() + chunk.length() > limit) {
            body.completeExceptionally(tooLarge(limit));
            discard(request, () -> {});
          } else {
            bytes.append(chunk);
          }
        })
        .exceptionHandler(e -> body.completeExceptionally(brokenOff(e)))
        .endHandler(end -> body.complete(bytes.bytes()))
        .resume();
    return body.whenComplete((ok, failed) -> vertx.cancelTimer(timer));
  }

  /**
   * Lets a body go by unread, so that a client that is still sending gets to read why, and may use
   * the connection again.
   *
   * @param why what the client is to read
   * @return fails with {@code why}: at once; or, where the connection is closed after the answer,
   *     when the body has gone by, as closing it earlier may take the answer away
   */
  public <T> CompletionStage<T> refuse(RoutingContext context, ServingException why) {
    HttpServerRequest request = context.request();
    CompletableFuture<T> refusal = new CompletableFuture<>();
    if (expectsContinue(request)) {
      context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    } else if (drain.draining() && !request.isEnded()) {
      discard(request, () -> refusal.completeExceptionally(why));
      return refusal;
    }
    discard(request, () -> {});
    refusal.completeExceptionally(why);
    return refusal;
  }

  /**
   * Gives the connection up if there is more to come than {@link #LARGEST_BODIES_LET_GO}, or if it
   * takes longer than a body may.
   */
  private void discard(HttpServerRequest request, Runnable done) {
    if (request.isEnded()) {
      return;
    }
    long timer = vertx.setTimer(timeoutMillis, id -> request.connection().close());
    long[] discarded = new long[1];
    request
        .handler(chunk -> {
          discarded[0] += chunk.length();
          if (discarded[0] > LARGEST_BODIES_LET_GO * maxBytes) {
            request.connection().close();
          }
        })
        .endHandler(end -> {
          vertx.cancelTimer(timer);
          done.run();
        })
        .exceptionHandler(e -> {
          vertx.cancelTimer(timer);
          done.run();
        })
        .resume();
  }

  private ServingException late(long millis) {
    return millis < timeoutMillis
        ? new ServingException(
            Failure.DEADLINE_PASSED, "The time that this request was given is over.")
        : new ServingException(
            Failure.REQUEST_TIMEOUT, "The body did not arrive within " + millis + " ms.");
  }

  private static ServingException brokenOff(Throwable e) {
    boolean closed = e instanceof VertxException || e instanceof IOException;
    return new ServingException(
        closed ? Failure.CLIENT_GONE : Failure.MALFORMED_REQUEST,
        "The body ends before it should.",
        e);
  }

  private static ServingException tooLarge(long limit) {
    return new ServingException(
        Failure.TOO_LARGE, "The body is larger than " + limit + " bytes, the most that is read.");
  }

  private static boolean expectsContinue(HttpServerRequest request) {
    return "100-continue".equalsIgnoreCase(request.getHeader("Expect"));
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
