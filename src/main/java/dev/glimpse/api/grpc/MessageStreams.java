package dev.glimpse.api.grpc;

import dev.glimpse.api.http.ArrivingMessage;
import dev.glimpse.api.http.BodyReader;
import dev.glimpse.api.http.ClientNetwork;
import dev.glimpse.api.http.ContentCoding;
import dev.glimpse.api.http.RequestDeadline;
import dev.glimpse.bytes.ArrivingBytes;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.memory.MemoryBudget;
import dev.glimpse.memory.RequestMemory;
import dev.glimpse.memory.Reservation;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Holds the streams of messages that are open, and what they share: limits and memory. When the
 * service stops, each ends after the message that it works on.
 */
@ApplicationScoped
public class MessageStreams {

  private final Vertx vertx;
  private final BodyReader reader;
  private final RequestMemory memory;
  private final RequestDeadline deadline;
  private final MessageLimits limits;
  private final StreamLimit places;
  private final Duration bodyTimeout;
  private final Duration memoryTimeout;
  private final Duration idleTimeout;
  private final Duration writeTimeout;
  private final Set<MessageStream> open = ConcurrentHashMap.newKeySet();
  private volatile boolean ending;

  MessageStreams(
      Vertx vertx,
      BodyReader reader,
      RequestMemory memory,
      RequestDeadline deadline,
      ContentCoding coding,
      GlimpseConfig config) {
    this.vertx = vertx;
    this.reader = reader;
    this.memory = memory;
    this.deadline = deadline;
    long largest = Math.min(config.image().maxBytes().asLongValue(), memory.bodies().capacity());
    this.limits = new MessageLimits(largest, reader.advice(largest), coding);
    this.places = new StreamLimit(Runtime.getRuntime().maxMemory());
    this.bodyTimeout = config.queue().bodyTimeout();
    this.memoryTimeout = config.queue().timeout();
    this.idleTimeout = config.http().idleTimeout();
    this.writeTimeout = config.http().writeTimeout();
  }

  void end(@Observes @Priority(1) ShutdownDelayInitiatedEvent event) {
    ending = true;
    open.forEach(MessageStream::end);
  }

  /**
   * Opens a stream, on its event loop.
   *
   * @param handler serves each message
   * @param failed ends the call with a failure
   * @throws ServingException UNSUPPORTED_MEDIA_TYPE if messages are compressed in an unknown way;
   *     OVERLOADED if too many streams are open
   */
  public void open(
      RoutingContext context,
      MessageHandler handler,
      BiConsumer<RoutingContext, Throwable> failed) {
    open(context, limits, handler, failed);
  }

  /**
   * Opens a stream as {@link #open} does.
   *
   * @param most bytes of a message, with and without its compression
   */
  public void openSmall(
      RoutingContext context,
      int most,
      MessageHandler handler,
      BiConsumer<RoutingContext, Throwable> failed) {
    open(context, limits.atMost(most), handler, failed);
  }

  private void open(
      RoutingContext context,
      MessageLimits messages,
      MessageHandler handler,
      BiConsumer<RoutingContext, Throwable> failed) {
    ContentCoding.requireSupported(context.request());
    Object network = ClientNetwork.of(context.request().connection());
    if (!places.take(network)) {
      throw new ServingException(
          Failure.OVERLOADED, "Too many streams are open already; try again soon.", 1);
    }
    MessageStream stream =
        new MessageStream(context, vertx.getOrCreateContext(), this, messages, handler, failed);
    open.add(stream);
    context.addEndHandler(ended -> {
      if (open.remove(stream)) {
        places.release(network);
      }
      stream.gone();
    });
    stream.start();
    if (ending) {
      stream.end();
    }
  }

  Vertx vertx() {
    return vertx;
  }

  RequestMemory memory() {
    return memory;
  }

  /** Returns how long a message may take from now on, of a stream that is open so long. */
  Duration timeout(HttpServerRequest request, Duration open) {
    return deadline.ofMessage(request, open);
  }

  /** Reads the rest of a stream that has ended with a failure, or its end would not be noticed. */
  void discard(HttpServerRequest request) {
    reader.discard(request, () -> {});
  }

  /** Returns how long a message may take to arrive, once it has begun. */
  Duration bodyTimeout() {
    return bodyTimeout;
  }

  /** Returns how long a message may wait for its memory. */
  Duration memoryTimeout() {
    return memoryTimeout;
  }

  /** Returns how long a stream may be open without a message. */
  Duration idleTimeout() {
    return idleTimeout;
  }

  /** Returns how long a client may leave a response unread that does not fit into its window. */
  Duration writeTimeout() {
    return writeTimeout;
  }

  /** Opens a reservation of so many bytes for a message. */
  Reservation reserve(HttpServerRequest request, long length) {
    return budget(length).open(ClientNetwork.of(request.connection()), request.connection());
  }

  private MemoryBudget budget(long length) {
    return length <= ArrivingBytes.FIRST_BYTES ? memory.firstBytes() : memory.bodies();
  }

  /**
   * Checks that a message that has begun to wait for so many bytes may have them in time.
   *
   * @throws ServingException OVERLOADED if too many bodies and messages of its network wait already
   */
  void requireShortWait(HttpServerRequest request, long length) {
    if (budget(length) == memory.bodies()
        && reader.waitsTooLong(ClientNetwork.of(request.connection()))) {
      throw reader.tooManyBodies(length);
    }
  }

  /** Counts and explains that there was no memory for a message within {@link #memoryTimeout}. */
  ServingException noMemoryInTime(long length) {
    return reader.noMemory(length, memoryTimeout.toMillis());
  }

  /** Counts and explains that the system had no memory for a message. */
  ServingException noMemory(long length) {
    return reader.noMemory(length, 0);
  }

  /** Returns how many streams are open. */
  public int openNow() {
    return places.open();
  }

  /**
   * Takes memory from bodies and messages that have fallen behind, until a message has its own.
   *
   * @param granted done when it has, or when it does not wait any more
   */
  void reclaimUntil(Future<?> granted, HttpServerRequest request, long length) {
    ArrivingMessage.reclaimUntil(granted, reader, request, budget(length), length);
  }

  /**
   * Watches a message arrive, whose memory others may need.
   *
   * @param end receives why it is ended then, on the event loop
   */
  ArrivingMessage watch(
      HttpServerRequest request,
      Reservation reserved,
      long length,
      Consumer<ServingException> end) {
    return ArrivingMessage.watch(reader, request, reserved, length, end);
  }
}
