package dev.glimpse.api.http;

import dev.glimpse.failure.ServingException;
import dev.glimpse.memory.MemoryBudget;
import dev.glimpse.memory.Reservation;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * Watches a message of a stream arrive that holds its memory already: as a body, it is ended when
 * others wait for that memory and it has stalled or fallen behind. Confined to the request's event
 * loop.
 */
public final class ArrivingMessage implements AutoCloseable {

  private final BodyReader reader;
  private final Consumer<ServingException> end;
  private final BodyClock clock;
  private final ArrivingBody arriving;
  private boolean closed;

  private ArrivingMessage(
      BodyReader reader,
      HttpServerRequest request,
      Reservation reserved,
      long length,
      Consumer<ServingException> end) {
    this.reader = reader;
    this.end = end;
    this.clock = new BodyClock(reader.rate(), length);
    this.arriving =
        new ArrivingBody(
            request,
            reader.vertx().getOrCreateContext(),
            clock,
            reserved::bytesOf,
            reader::retryAfter,
            this::end);
  }

  /**
   * Watches a message from now on, until this is closed.
   *
   * @param reserved the memory that it holds
   * @param length of the message, in bytes
   * @param end receives why it is ended, on the event loop
   */
  public static ArrivingMessage watch(
      BodyReader reader,
      HttpServerRequest request,
      Reservation reserved,
      long length,
      Consumer<ServingException> end) {
    ArrivingMessage message = new ArrivingMessage(reader, request, reserved, length, end);
    message.clock.start();
    if (reader.rate().minimum() > 0) {
      reader.slow().add(message.arriving);
    }
    return message;
  }

  /**
   * Ends bodies and messages that have fallen behind until a message has its memory.
   *
   * @param granted done when it has, or when it does not wait any more
   * @param bytes that it waits for
   */
  public static void reclaimUntil(
      Future<?> granted,
      BodyReader reader,
      HttpServerRequest request,
      MemoryBudget budget,
      long bytes) {
    reader.slow().reclaimUntil(granted, request.connection(), budget, bytes);
  }

  /** Counts bytes of it that have arrived. */
  public void add(int bytes) {
    clock.add(bytes);
  }

  private void end(ServingException why) {
    if (!closed) {
      end.accept(why);
    }
  }

  /** Watches it no longer, because it has arrived, or its stream has ended. */
  @Override
  public void close() {
    closed = true;
    reader.slow().remove(arriving);
  }
}
