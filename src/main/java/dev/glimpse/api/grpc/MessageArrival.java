package dev.glimpse.api.grpc;

import dev.glimpse.api.http.ArrivingMessage;
import dev.glimpse.api.http.StreamWindow;
import dev.glimpse.bytes.Bytes;
import dev.glimpse.failure.ServingException;
import dev.glimpse.memory.Reservation;
import dev.glimpse.pipeline.Body;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Receives the messages of a stream, one at a time, each with the memory that is reserved for it
 * before it arrives. Confined to the stream's event loop.
 */
final class MessageArrival implements AutoCloseable {

  private final HttpServerRequest request;
  private final MessageStreams streams;
  private final MessageLimits limits;
  private final Consumer<ServingException> end;
  private final MessageAssembly assembly;
  private @Nullable Reservation reserved;
  private @Nullable ArrivingMessage watched;

  /**
   * Creates an arrival of no message.
   *
   * @param end receives why a message is ended that has fallen behind, on the event loop
   */
  MessageArrival(
      HttpServerRequest request,
      MessageStreams streams,
      MessageLimits limits,
      Consumer<ServingException> end) {
    this.request = request;
    this.streams = streams;
    this.limits = limits;
    this.end = end;
    this.assembly = new MessageAssembly(streams.memory().blocks());
  }

  /** Takes bytes that have arrived, when those before have been used up. */
  void add(Buffer chunk) {
    assembly.add(chunk);
    if (watched != null) {
      watched.add(chunk.length());
    }
  }

  /** Returns whether a message has begun and not ended. */
  boolean isWithin() {
    return assembly.isWithin();
  }

  /** Returns whether a message's length is known now, whose memory has to be taken. */
  boolean hasPrefix() {
    return assembly.readPrefix();
  }

  /** Returns the first byte of the message that has begun or was read last. */
  int flag() {
    return assembly.flag();
  }

  /**
   * Returns how many bytes the message needs.
   *
   * @throws ServingException TOO_LARGE if it is not read at all
   */
  long needed() {
    return limits.neededFor(assembly.length(), assembly.flag());
  }

  /**
   * Takes the memory of a message, once.
   *
   * @return completed by any thread; never if this is closed before
   * @throws ServingException as {@link #needed}
   */
  CompletableFuture<Void> takeMemory() {
    if (reserved != null) {
      throw new IllegalStateException("The message has its memory already");
    }
    long needed = needed();
    Reservation own = streams.reserve(request, needed);
    reserved = own;
    return own.take(Math.min(needed, own.most()));
  }

  /**
   * Takes memory from bodies and messages that have fallen behind, until this one has its own.
   *
   * @param granted done when it has, or when it does not wait any more
   */
  void reclaimUntil(Future<?> granted) {
    streams.reclaimUntil(granted, request, needed());
  }

  /**
   * Begins the message, for which there is memory, so that the client may send all of it: it is
   * given up if it stalls and others need its memory.
   */
  void begin() {
    assembly.begin();
    long missing = assembly.missing();
    Reservation own = reserved;
    if (missing > 0 && own != null) {
      StreamWindow.allow(request, missing);
      watched = streams.watch(request, own, assembly.length(), end);
      watched.add((int) (assembly.length() - missing));
    }
  }

  /**
   * Reads the message on.
   *
   * @return the message with its memory, to be closed by the caller, once it is complete; null
   *     before
   * @throws ServingException OVERLOADED if the system has no memory
   */
  @Nullable Body read() {
    Bytes message;
    try {
      message = assembly.readMessage();
    } catch (OutOfMemoryError e) {
      throw streams.noMemory(assembly.length());
    }
    if (message == null) {
      return null;
    }
    stopWatching();
    Reservation own = reserved;
    reserved = null;
    int parsed = (int) limits.neededFor(message.length(), assembly.flag());
    return new Body(message, parsed, own == null ? () -> {} : own::close);
  }

  private void stopWatching() {
    if (watched != null) {
      watched.close();
      watched = null;
    }
  }

  /** Drops what has arrived of a message, and releases its memory. Again it does nothing. */
  @Override
  public void close() {
    stopWatching();
    assembly.close();
    Reservation own = reserved;
    reserved = null;
    if (own != null) {
      own.close();
    }
  }
}
