package dev.glimpse.api.grpc;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.pipeline.Body;
import io.vertx.core.Context;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Serves a stream of messages in order, one at a time: the next one is read when the response to
 * the last has been taken by the client's window. Confined to its event loop, except where a method
 * says otherwise.
 */
final class MessageStream {

  private final RoutingContext context;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final Context loop;
  private final MessageStreams streams;
  private final MessageLimits limits;
  private final MessageHandler handler;
  private final BiConsumer<RoutingContext, Throwable> failed;
  private final MessageArrival arrival;
  private final StreamTimer timer;
  private final long opened = System.nanoTime();

  /** Cancels the message that is worked on, or that waits for memory. */
  private CompletableFuture<Void> cancelled = new CompletableFuture<>();

  private State state = State.READS;
  private boolean lastRead;
  private boolean ending;

  /** What the stream does; in all but the first it is not read. */
  private enum State {
    READS,
    WAITS_FOR_MEMORY,
    WORKS,
    /** A response waits for the client's window. */
    WRITES,
    OVER
  }

  MessageStream(
      RoutingContext context,
      Context loop,
      MessageStreams streams,
      MessageLimits limits,
      MessageHandler handler,
      BiConsumer<RoutingContext, Throwable> failed) {
    this.context = context;
    this.request = context.request();
    this.response = context.response();
    this.loop = loop;
    this.streams = streams;
    this.limits = limits;
    this.handler = handler;
    this.failed = failed;
    this.arrival = new MessageArrival(request, streams, limits, this::fail);
    this.timer = new StreamTimer(streams.vertx(), this::fail);
  }

  void start() {
    request.pause();
    request.exceptionHandler(broken -> gone());
    request.handler(chunk ->
        guarded(() -> {
          arrival.add(chunk);
          advance();
        }));
    request.endHandler(end ->
        guarded(() -> {
          lastRead = true;
          advance();
        }));
    readOn();
  }

  /** Does a step of the stream, unless it is over; a step that fails ends it. */
  private void guarded(Runnable step) {
    if (state == State.OVER) {
      return;
    }
    try {
      step.run();
    } catch (RuntimeException | Error e) {
      fail(e);
    }
  }

  /** Reads the next bytes, for which a message has so long, or the stream may be idle so long. */
  private void readOn() {
    if (!timer.isRunning()) {
      Duration longest = arrival.isWithin() ? streams.bodyTimeout() : streams.idleTimeout();
      timer.start(longest, "No message arrived within %d ms.");
    }
    request.fetch(1);
  }

  private void advance() {
    while (state == State.READS && step()) {
      // goes on
    }
    if (state == State.READS) {
      if (lastRead || mustEnd()) {
        finish();
      } else {
        readOn();
      }
    }
  }

  private boolean mustEnd() {
    return ending && !arrival.isWithin();
  }

  /** Uses what has arrived; returns whether it could. */
  private boolean step() {
    if (mustEnd()) {
      return false;
    }
    if (arrival.hasPrefix()) {
      timer.stop();
      takeMemory();
      return true;
    }
    Body message = arrival.isWithin() ? arrival.read() : null;
    if (message != null) {
      timer.stop();
      serve(message);
    }
    return message != null;
  }

  private void finish() {
    if (arrival.isWithin()) {
      fail(new ServingException(Failure.MALFORMED_REQUEST, "The last message is incomplete."));
    } else if (lastRead) {
      gone();
      GrpcResponse.end(response);
    } else {
      fail(new ServingException(Failure.NOT_READY, "The service is stopping."));
    }
  }

  private void takeMemory() {
    CompletableFuture<Void> granted = arrival.takeMemory();
    if (granted.isDone() && !granted.isCompletedExceptionally()) {
      arrival.begin();
      return;
    }
    long needed = arrival.needed();
    streams.requireShortWait(request, needed);
    state = State.WAITS_FOR_MEMORY;
    timer.start(streams.memoryTimeout(), () -> streams.noMemoryInTime(needed));
    arrival.reclaimUntil(CompletableFuture.anyOf(granted, cancelled));
    var unused =
        granted.whenComplete(
            (taken, failure) -> then(State.WAITS_FOR_MEMORY, failure, arrival::begin));
  }

  /** Goes on, on the event loop, after what the stream has waited for in a state. */
  private void then(State waited, @Nullable Throwable failure, Runnable next) {
    loop.runOnContext(now ->
        guarded(() -> {
          if (state != waited) {
            throw new IllegalStateException("The stream " + state + ", not " + waited);
          }
          timer.stop();
          state = State.READS;
          if (failure != null) {
            fail(failure);
          } else {
            next.run();
            advance();
          }
        }));
  }

  private void serve(Body body) {
    state = State.WORKS;
    CompletableFuture<Void> gone = new CompletableFuture<>();
    cancelled = gone;
    Duration open = Duration.ofNanos(System.nanoTime() - opened);
    CompletionStage<byte[]> answer;
    try {
      ArrivedMessage message =
          new ArrivedMessage(
              context,
              streams.timeout(request, open),
              body,
              arrival.flag(),
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
          then(State.WORKS, failure, () -> write(framed));
        });
  }

  private void write(byte[] framed) {
    GrpcResponse.write(response, framed);
    if (response.writeQueueFull()) {
      state = State.WRITES;
      timer.start(streams.writeTimeout(), "The last response was not read within %d ms.");
      response.drainHandler(drained -> {
        response.drainHandler(null); // each change of the client's window would call it again
        then(State.WRITES, null, () -> {});
      });
    }
  }

  /** Ends the stream after the message that it works on. Any thread may call it. */
  void end() {
    loop.runOnContext(now ->
        guarded(() -> {
          ending = true;
          if (state == State.READS && mustEnd()) {
            finish();
          }
        }));
  }

  private void fail(Throwable failure) {
    if (state != State.OVER) {
      gone();
      failed.accept(context, failure);
      streams.discard(request);
    }
  }

  /** Drops what the stream holds and works on, because it has ended. */
  void gone() {
    timer.stop();
    arrival.close();
    state = State.OVER;
    cancelled.complete(null);
  }
}
