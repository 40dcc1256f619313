package dev.glimpse.api.grpc;

import dev.glimpse.api.http.ArrivingMessage;
import dev.glimpse.api.http.StreamWindow;
import dev.glimpse.bytes.Bytes;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.memory.Reservation;
import dev.glimpse.pipeline.Body;
import dev.glimpse.pipeline.IncomingRequest;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Serves a stream of messages in order, one at a time: the next one is read when the response to
 * the last has been taken by the client's window. Confined to its event loop, except where a method
 * says otherwise.
 */
public final class MessageStream {

  private final RoutingContext context;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final Context loop;
  private final MessageStreams streams;
  private final MessageLimits limits;
  private final Handler handler;
  private final Failed failed;
  private final MessageAssembly assembly;
  private final long opened = System.nanoTime();
  private @Nullable Reservation reserved;
  private @Nullable ArrivingMessage arriving;

  /** Cancels the message that is worked on. */
  private CompletableFuture<Void> cancelled = new CompletableFuture<>();

  private boolean waiting;
  private boolean over;
  private boolean lastRead;
  private boolean ending;
  private long timer = -1;

  /** Serves a message. */
  @FunctionalInterface
  public interface Handler {

    /** Returns the response with its prefix; a failure ends the stream. */
    CompletionStage<byte[]> serve(Message message);
  }

  /** Ends a call with a failure. */
  @FunctionalInterface
  public interface Failed {
    void end(RoutingContext context, Throwable failure);
  }

  /** Is a message that has arrived. */
  public interface Message {

    /**
     * Returns the message as a request to the pipeline. Call it once.
     *
     * @param parser parses the message without its compression, on a worker
     */
    <Q> IncomingRequest<Q> request(Function<Bytes, Q> parser);

    /**
     * Reads a small message at once, and forgets it. Call it instead of {@link #request}, once.
     *
     * @param parser parses the message without its compression
     */
    <Q> Q read(Function<Bytes, Q> parser);
  }

  MessageStream(
      RoutingContext context,
      Context loop,
      MessageStreams streams,
      MessageLimits limits,
      Handler handler,
      Failed failed) {
    this.context = context;
    this.request = context.request();
    this.response = context.response();
    this.loop = loop;
    this.streams = streams;
    this.limits = limits;
    this.handler = handler;
    this.failed = failed;
    this.assembly = new MessageAssembly(streams.memory().blocks());
  }

  void start() {
    request.pause();
    request.exceptionHandler(broken -> gone());
    request.handler(this::receive);
    request.endHandler(end -> {
      lastRead = true;
      advance();
    });
    readOn();
  }

  private void receive(Buffer chunk) {
    assembly.add(chunk);
    if (arriving != null) {
      arriving.add(chunk.length());
    }
    advance();
  }

  /** Reads the next bytes, for which a message has so long, or the stream may be idle so long. */
  private void readOn() {
    if (timer < 0) {
      Duration longest = assembly.isWithin() ? streams.bodyTimeout() : streams.idleTimeout();
      timer = streams.vertx().setTimer(longest.toMillis(), id -> fail(late(longest)));
    }
    request.fetch(1);
  }

  private void stopTimer() {
    streams.vertx().cancelTimer(timer);
    timer = -1;
  }

  private static ServingException late(Duration longest) {
    return new ServingException(
        Failure.REQUEST_TIMEOUT, "No message arrived within %d ms.".formatted(longest.toMillis()));
  }

  private void advance() {
    while (!waiting && !over && step()) {
      // goes on
    }
    if (waiting || over) {
      return;
    }
    if (lastRead || (ending && !assembly.isWithin())) {
      finish();
    } else {
      readOn();
    }
  }

  /** Uses what has arrived; returns whether it could. */
  private boolean step() {
    if (assembly.readPrefix()) {
      stopTimer();
      reserve();
      return true;
    }
    if (assembly.isWithin()) {
      Bytes message = assembly.readMessage();
      if (message != null) {
        stopTimer();
        stopWatching();
        serve(message);
        return true;
      }
    }
    return false;
  }

  private void finish() {
    if (ending) {
      fail(new ServingException(Failure.NOT_READY, "The service is stopping."));
    } else if (assembly.isWithin()) {
      fail(new ServingException(Failure.MALFORMED_REQUEST, "The last message is incomplete."));
    } else {
      gone();
      GrpcResponse.end(response);
    }
  }

  private void reserve() {
    try {
      long needed = limits.neededFor(assembly.length(), assembly.flag());
      Reservation reservation = streams.reserve(request, needed);
      reserved = reservation;
      CompletableFuture<Void> granted = reservation.take(Math.min(needed, reservation.most()));
      if (granted.isDone() && !granted.isCompletedExceptionally()) {
        begin(reservation);
        return;
      }
      waiting = true;
      Duration longest = streams.memoryTimeout();
      timer = streams.vertx().setTimer(longest.toMillis(), id -> fail(noMemory(longest)));
      streams.reclaimUntil(CompletableFuture.anyOf(granted, cancelled), request, needed);
      var unused =
          granted.whenComplete((taken, failure) -> then(failure, () -> begin(reservation)));
    } catch (ServingException e) {
      fail(e);
    }
  }

  /**
   * Begins the message, for which there is memory, so that the client may send all of it: it is
   * given up if it stalls and others need its memory.
   */
  private void begin(Reservation reservation) {
    assembly.begin();
    StreamWindow.allow(request, assembly.missing());
    arriving = streams.watch(request, reservation, assembly.length(), this::fail);
  }

  private void stopWatching() {
    if (arriving != null) {
      arriving.close();
      arriving = null;
    }
  }

  private static ServingException noMemory(Duration longest) {
    return new ServingException(
        Failure.OVERLOADED,
        "No memory for the message was free within %d ms; try again soon."
            .formatted(longest.toMillis()),
        1);
  }

  /** Goes on, on the event loop, after something that the stream has waited for. */
  private void then(@Nullable Throwable failure, Runnable next) {
    loop.runOnContext(now -> {
      if (over) {
        return;
      }
      stopTimer();
      waiting = false;
      if (failure != null) {
        fail(failure);
      } else {
        next.run();
        advance();
      }
    });
  }

  private void serve(Bytes bytes) {
    waiting = true;
    Reservation own = reserved;
    reserved = null;
    int parsed = (int) limits.neededFor(bytes.length(), assembly.flag());
    Body body = new Body(bytes, parsed, own == null ? () -> {} : own::close);
    CompletableFuture<Void> gone = new CompletableFuture<>();
    cancelled = gone;
    Duration open = Duration.ofNanos(System.nanoTime() - opened);
    CompletionStage<byte[]> answer;
    try {
      Message message =
          new ArrivedMessage(
              context,
              streams.timeout(request, open),
              body,
              assembly.flag(),
              gone,
              streams.memory(),
              limits);
      answer = handler.serve(message);
    } catch (RuntimeException | Error e) {
      answer = CompletableFuture.failedStage(e);
    }
    var unused =
        answer.whenComplete((framed, failure) -> {
          body.close(); // if it was not even admitted
          then(failure, () -> write(framed));
        });
  }

  private void write(byte[] framed) {
    GrpcResponse.write(response, framed);
    if (response.writeQueueFull()) {
      waiting = true;
      Duration longest = streams.writeTimeout();
      timer = streams.vertx().setTimer(longest.toMillis(), id -> fail(unread(longest)));
      response.drainHandler(drained -> then(null, () -> {}));
    }
  }

  private static ServingException unread(Duration longest) {
    return new ServingException(
        Failure.REQUEST_TIMEOUT,
        "The last response was not read within %d ms.".formatted(longest.toMillis()));
  }

  /** Ends the stream after the message that it works on. Any thread may call it. */
  void end() {
    loop.runOnContext(now -> {
      ending = true;
      if (!waiting && !over) {
        advance();
      }
    });
  }

  private void fail(Throwable failure) {
    if (!over) {
      gone();
      failed.end(context, failure);
      streams.discard(request);
    }
  }

  /** Drops what the stream holds and works on, because it has ended. */
  void gone() {
    stopTimer();
    stopWatching();
    assembly.close();
    Reservation own = reserved;
    reserved = null;
    if (own != null) {
      own.close();
    }
    over = true;
    cancelled.complete(null);
  }
}
