package dev.glimpse.api.live;

import dev.glimpse.api.live.FrameAssembly.Message;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.pipeline.ClassificationRequest;
import dev.glimpse.pipeline.ClassificationResult;
import dev.glimpse.pipeline.IncomingRequest;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Answers the frames of one connection, in order, one at a time. While one is worked on, only the
 * newest waits: the connection never falls behind its camera. Confined to the connection's event
 * loop, except where a method says otherwise.
 */
final class LiveConnection implements LiveTurns.Contender {

  /** RFC 6455: normal closure. */
  static final short NORMAL = 1000;

  /** RFC 6455: the service goes away. */
  static final short GOING_AWAY = 1001;

  /** RFC 6455: a kind of message that is not accepted. */
  static final short UNACCEPTABLE = 1003;

  /** Is the other side of a connection. */
  interface Peer {

    void send(String message);

    /** Returns whether the client has yet to read what was sent. */
    boolean isSlow();

    void close(short status, String reason);
  }

  /** Is why a connection takes no more frames. */
  private record Ending(short status, String reason) {}

  private final LiveFrame.Session session;
  private final Function<
          IncomingRequest<ClassificationRequest>, CompletionStage<ClassificationResult>>
      service;
  private final LiveTurns turns;
  private final Executor loop;
  private final Peer peer;
  private final int maxFrame;
  private final FrameAssembly assembly;
  private int received;
  private int answered;
  private @Nullable Message newest;
  private @Nullable LiveFrame current;
  private boolean asked;
  private boolean working;
  private @Nullable Ending ending;
  private boolean closed;

  /**
   * Creates a connection.
   *
   * @param service classifies a frame
   * @param loop runs tasks on the connection's event loop
   * @param maxFrame bytes of a frame
   */
  LiveConnection(
      LiveFrame.Session session,
      Function<IncomingRequest<ClassificationRequest>, CompletionStage<ClassificationResult>>
          service,
      LiveTurns turns,
      Executor loop,
      Peer peer,
      int maxFrame) {
    this.session = session;
    this.service = service;
    this.turns = turns;
    this.loop = loop;
    this.peer = peer;
    this.maxFrame = maxFrame;
    this.assembly = new FrameAssembly(maxFrame);
  }

  /** Takes a part of a frame; returns whether the frame is complete now. */
  boolean receive(Buffer part, boolean last) {
    if (ending != null) {
      return false;
    }
    Optional<Message> complete = assembly.add(part, last);
    complete.ifPresent(this::receive);
    return complete.isPresent();
  }

  private void receive(Message message) {
    received++;
    newest = message; // in place of one that waits
    next();
  }

  /** Asks for a turn, if there is a frame and the client reads the answers. */
  void next() {
    if (newest != null && !working && !asked && !closed && !peer.isSlow()) {
      asked = true;
      turns.ask(this);
    }
  }

  @Override
  public void begin() {
    loop.execute(this::start);
  }

  private void start() {
    Message message = newest;
    asked = false;
    newest = null;
    if (message == null || closed) {
      turns.release();
      return;
    }
    working = true;
    int number = received - 1;
    int skipped = number - answered;
    answered = received;
    classify(message)
        .whenComplete((result, failure) ->
            loop.execute(() -> {
              String text =
                  failure == null
                      ? LiveMessage.answer(number, skipped, session.id(), result)
                      : LiveMessage.problem(number, skipped, session.id(), failure);
              answer(text);
            }));
  }

  private CompletionStage<ClassificationResult> classify(Message message) {
    try {
      Buffer image = message.bytes();
      if (image == null) {
        throw new ServingException(
            Failure.TOO_LARGE, "A frame may have %d bytes at most.".formatted(maxFrame));
      }
      LiveFrame frame = new LiveFrame(session, image.getBytes());
      current = frame;
      return service.apply(frame);
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedStage(e);
    }
  }

  private void answer(String text) {
    working = false;
    current = null;
    turns.release();
    if (closed) {
      return;
    }
    peer.send(text);
    if (ending != null) {
      peer.close(ending.status(), ending.reason());
    } else {
      next();
    }
  }

  /** Ends the connection because the service stops. Any thread may call it. */
  void end() {
    loop.execute(() -> end(GOING_AWAY, "The service is stopping."));
  }

  /** Answers the frame that is worked on, and then closes; takes no more. */
  void end(short status, String reason) {
    Ending why = ending == null ? new Ending(status, reason) : ending;
    ending = why;
    newest = null;
    assembly.clear();
    if (!working && !closed) {
      peer.close(why.status(), why.reason());
    }
  }

  /** Forgets what waits, and cancels what is worked on: the connection is closed. */
  void closed() {
    closed = true;
    newest = null;
    assembly.clear();
    turns.leave(this);
    LiveFrame frame = current;
    if (frame != null) {
      frame.cancel();
    }
  }
}
