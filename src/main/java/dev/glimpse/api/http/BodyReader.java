package dev.glimpse.api.http;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.memory.RequestMemory;
import dev.glimpse.pipeline.Body;
import dev.glimpse.pipeline.BodyProgress;
import dev.glimpse.workers.WorkerPool;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Reads a request's body into memory, up to a limit and without blocking, when there is memory for
 * it. JAX-RS would read it before anything can be checked.
 */
@ApplicationScoped
public class BodyReader {

  /**
   * How many times the largest body's bytes are discarded before the connection is closed. Most
   * clients read the response only when they have sent all, and lose it if the connection is closed
   * before; a body larger than this is not a photo that the client could have scaled down.
   */
  private static final int DISCARDED_BODIES = 4;

  /**
   * In bytes. If more of a body that is not read for now is left, the client is told to open
   * another connection, so that it need not send the rest before its next request.
   */
  private static final int LARGE_REST = 512 << 10;

  /** For requests that have no slot. */
  private static final BodyProgress NO_SLOT =
      new BodyProgress() {
        @Override
        public void arrives() {}

        @Override
        public void waits() {}
      };

  private final Vertx vertx;
  private final GracefulShutdown drain;
  private final WorkerPool workers;
  private final RequestMemory memory;
  private final SlowBodies slow;
  private final BodyRate rate;
  private final Duration wait;
  private final long maxBytes;
  private final long timeoutMillis;

  BodyReader(
      Vertx vertx,
      GracefulShutdown drain,
      WorkerPool workers,
      RequestMemory memory,
      GlimpseConfig config) {
    this.vertx = vertx;
    this.drain = drain;
    this.workers = workers;
    this.memory = memory;
    this.slow = new SlowBodies(vertx, memory.firstBytes());
    this.rate =
        new BodyRate(config.http().minRate().asLongValue(), config.queue().bodyTimeout().toNanos());
    this.wait = config.queue().timeout();
    this.maxBytes = config.image().maxBytes().asLongValue();
    this.timeoutMillis = config.queue().bodyTimeout().toMillis();
  }

  /**
   * Reads a body, as soon as there is memory for it. To be called on the request's event loop, by a
   * resource method that takes no body itself.
   *
   * @param timeout how long the whole request may take from now on
   * @param progress receives whether the body is arriving
   * @return completed on the event loop; fails with a {@link ServingException}: TOO_LARGE as soon
   *     as it is known that there are more bytes than {@code glimpse.image.max-bytes} or than there
   *     is memory for; OVERLOADED if there is no memory within {@code glimpse.queue.timeout};
   *     REQUEST_TIMEOUT if they take longer than {@code glimpse.queue.body-timeout}, or are fewer a
   *     second than {@code glimpse.http.min-rate}; DEADLINE_PASSED if they take longer than {@code
   *     timeout}; MALFORMED_REQUEST if they are not HTTP; CLIENT_GONE if the client disconnects
   */
  public CompletionStage<Body> read(
      RoutingContext context, Duration timeout, BodyProgress progress) {
    int prefix = GrpcExchange.is(context.request()) ? GrpcExchange.PREFIX_BYTES : 0;
    return read(context, timeout, progress, maxBytes + prefix);
  }

  /**
   * Reads a body that is neither an image nor a tensor, and keeps its memory until the response has
   * ended. Otherwise as {@link #read(RoutingContext, Duration, BodyProgress)}.
   *
   * @param most bytes that are read; never more than {@code glimpse.image.max-bytes}
   */
  public CompletionStage<byte[]> read(RoutingContext context, Duration timeout, long most) {
    return read(context, timeout, NO_SLOT, Math.min(most, maxBytes))
        .thenApply(body -> {
          context.addEndHandler(ended -> body.close());
          return body.take().takeArray();
        });
  }

  /**
   * Reads a body of a few kilobytes, which waits for no memory.
   *
   * @param timeout how long the whole request may take from now on
   * @param most bytes that are read, no more than a head may have
   * @return completed on the event loop; fails with a {@link ServingException}: TOO_LARGE,
   *     REQUEST_TIMEOUT, MALFORMED_REQUEST or CLIENT_GONE; DEADLINE_PASSED if it takes longer than
   *     {@code timeout}, at once if that is less than a millisecond
   */
  public CompletionStage<byte[]> readSmall(RoutingContext context, Duration timeout, int most) {
    long left = timeout.toMillis();
    if (left <= 0) {
      return refuse(context, BodyFailures.deadlinePassed());
    }
    SmallBody body = new SmallBody(context, this, most);
    return left < timeoutMillis
        ? body.read(left, BodyFailures::deadlinePassed)
        : body.read(timeoutMillis, () -> BodyFailures.late(timeoutMillis));
  }

  private CompletionStage<Body> read(
      RoutingContext context, Duration timeout, BodyProgress progress, long most) {
    HttpServerRequest request = context.request();
    long limit = Math.min(most, memory.bodies().capacity());
    String advice = advice(limit);
    long announced = contentLength(request);
    if (announced > limit) {
      memory.bodies().refused(announced);
      return refuse(context, BodyFailures.tooLarge(limit, advice));
    }
    BodyLimits limits = new BodyLimits(limit, advice, timeout, wait, rate);
    return new BodyReading(
            context,
            this,
            limits,
            announced,
            new BodyMemory(
                memory, ClientNetwork.of(request.connection()), request.connection(), announced),
            progress)
        .start();
  }

  /**
   * Says which setting allows larger bodies than a limit, after a space; empty for one that no
   * setting sets.
   */
  public String advice(long limit) {
    String setting = "";
    if (limit >= maxBytes) {
      setting = "glimpse.image.max-bytes";
    } else if (limit == memory.bodies().capacity()) {
      setting = "glimpse.memory.bodies";
    }
    return setting.isEmpty() ? "" : " Send a smaller image, or raise " + setting + ".";
  }

  Vertx vertx() {
    return vertx;
  }

  RequestMemory memory() {
    return memory;
  }

  SlowBodies slow() {
    return slow;
  }

  BodyRate rate() {
    return rate;
  }

  /** Returns a good time to try again, in seconds. */
  int retryAfter() {
    return workers.retryAfter(memory.bodies().waiting());
  }

  /**
   * Returns whether a body that has begun to wait for memory would not be worked on in time, as too
   * many of its client's network wait already. Those of other networks do not keep it waiting.
   */
  public boolean waitsTooLong(Object network) {
    return workers.takesTooLong(Math.max(0, memory.bodies().waiting(network) - 1));
  }

  /** Counts and explains that so many bodies wait for memory that this one does not have to. */
  public ServingException tooManyBodies(long bytes) {
    memory.bodies().refused(bytes);
    return new ServingException(
        Failure.OVERLOADED,
        "So many bodies are waiting for memory that this one would not be worked on within %d ms; try again soon."
            .formatted(wait.toMillis()),
        retryAfter());
  }

  /** Counts and explains that there was no memory for a body in time. */
  public ServingException noMemory(long bytes, long millis) {
    memory.bodies().refused(bytes);
    return BodyFailures.noMemory(millis, retryAfter());
  }

  /**
   * Discards a body, so that a client that is still sending can read the response and use the
   * connection again; or, if there is no room for a large one now, another connection.
   *
   * @param why the failure that the response describes
   * @return fails with {@code why}: at once; or, if the connection is closed after the response,
   *     when the body has been discarded, because closing it earlier may lose the response
   */
  public <T> CompletionStage<T> refuse(RoutingContext context, ServingException why) {
    HttpServerRequest request = context.request();
    CompletableFuture<T> refusal = new CompletableFuture<>();
    if (expectsContinue(request)) {
      ConnectionClose.announce(context);
    } else if (drain.draining() && !request.isEnded()) {
      discard(request, () -> refusal.completeExceptionally(why));
      return refusal;
    } else if (why.failure() == Failure.OVERLOADED && rest(request) > LARGE_REST) {
      ConnectionClose.announce(context);
    }
    discard(request, () -> {});
    refusal.completeExceptionally(why);
    return refusal;
  }

  /**
   * Reads the rest of a body without keeping it. Closes the connection if that is more than {@link
   * #DISCARDED_BODIES} allows, or if it takes longer than a body may.
   */
  public void discard(HttpServerRequest request, Runnable done) {
    if (request.isEnded()) {
      return;
    }
    long timer = vertx.setTimer(timeoutMillis, id -> request.connection().close());
    long[] discarded = new long[1];
    request
        .handler(chunk -> {
          discarded[0] += chunk.length();
          if (discarded[0] > DISCARDED_BODIES * maxBytes) {
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

  /** Returns the most bytes that a body can have without its content coding. */
  int decompressed(HttpServerRequest request, int length) {
    if (ContentCoding.isIdentity(request)) {
      return length;
    }
    long most =
        Math.min(
            ContentCoding.MAX_COMPRESSION_RATIO * length, Math.min(maxBytes, memory.mostParsed()));
    return (int) Math.min(Math.max(most, length), Integer.MAX_VALUE);
  }

  /** Returns how many bytes of a body are announced and have not arrived. */
  private static long rest(HttpServerRequest request) {
    return contentLength(request) - request.bytesRead();
  }

  static boolean expectsContinue(HttpServerRequest request) {
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
