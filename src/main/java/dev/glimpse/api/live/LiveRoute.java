package dev.glimpse.api.live;

import dev.glimpse.Classifier;
import dev.glimpse.api.http.ArrivedBodies;
import dev.glimpse.api.http.ClientNetwork;
import dev.glimpse.api.http.RequestDeadline;
import dev.glimpse.api.http.RequestId;
import dev.glimpse.api.http.UpgradedRequest;
import dev.glimpse.api.predict.QueryParameters;
import dev.glimpse.api.problem.ProblemWriter;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.workers.WorkerPool;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Serves {@code GET /predict/live}: a WebSocket that takes an encoded image in each binary message,
 * and answers each that it classifies with JSON. Made with Vert.x's own WebSockets, which the
 * server has anyway: nothing is set up at the start, and a frame that need not wait is never
 * queued.
 */
@ApplicationScoped
public class LiveRoute {

  private static final String WEBSOCKET = "websocket";

  private final Classifier classifier;
  private final QueryParameters parameters;
  private final RequestDeadline deadline;
  private final ArrivedBodies bodies;
  private final ProblemWriter problems;
  private final Vertx vertx;
  private final LiveConnections connections;
  private final WorkerPool workers;
  private final int maxFrame;
  private final Duration idle;
  private final boolean cors;
  private @Nullable LiveTurns turns;

  LiveRoute(
      GlimpseConfig config,
      Classifier classifier,
      QueryParameters parameters,
      RequestDeadline deadline,
      ArrivedBodies bodies,
      ProblemWriter problems,
      WorkerPool workers,
      Vertx vertx,
      @ConfigProperty(name = "quarkus.http.cors.enabled", defaultValue = "false") boolean cors) {
    this.classifier = classifier;
    this.parameters = parameters;
    this.deadline = deadline;
    this.bodies = bodies;
    this.problems = problems;
    this.vertx = vertx;
    this.connections = new LiveConnections(config.live().maxConnections());
    this.workers = workers;
    this.maxFrame = maxFrame(config);
    this.idle = config.live().idleTimeout();
    this.cors = cors;
  }

  /** Returns the most bytes of a frame. */
  static int maxFrame(GlimpseConfig config) {
    long most =
        Math.min(config.live().maxFrame().asLongValue(), config.image().maxBytes().asLongValue());
    return (int) Math.max(1, Math.min(most, Integer.MAX_VALUE / 2));
  }

  void register(@Observes Router router) {
    router.get(LiveFrame.PATH).handler(this::connect);
  }

  /** Ends the connections before the service waits for its last requests. */
  void end(@Observes @Priority(1) ShutdownDelayInitiatedEvent event) {
    connections.end();
  }

  private void connect(RoutingContext context) {
    try {
      HttpServerRequest request = context.request();
      require(request);
      LiveFrame.Session session =
          new LiveFrame.Session(
              RequestId.of(context),
              deadline.of(request),
              parameters.of(request.params()),
              request.getHeader(HttpHeaders.ACCEPT_LANGUAGE),
              bodies,
              ClientNetwork.of(request.connection()));
      connections.enter();
      request
          .toWebSocket()
          .onSuccess(socket -> open(socket, session, request))
          .onFailure(failure -> connections.left());
    } catch (ServingException e) {
      problems.refuse(context, e);
    }
  }

  private void require(HttpServerRequest request) {
    if (!request.headers().contains(HttpHeaders.UPGRADE, WEBSOCKET, true)) {
      throw new ServingException(
          Failure.MALFORMED_REQUEST,
          "This address is for WebSockets; for one image, send a POST to /predict.");
    }
    if (hasBody(request)) {
      throw new ServingException(
          Failure.MALFORMED_REQUEST, "A handshake has no body; send the images as messages.");
    }
    String host = request.authority() == null ? null : request.authority().toString();
    if (!cors && !LiveOrigin.isSame(request.getHeader(HttpHeaders.ORIGIN), host)) {
      throw new ServingException(
          Failure.FORBIDDEN,
          "Pages of other origins may not connect; quarkus.http.cors.enabled lets some in.");
    }
  }

  /**
   * Returns whether a body is announced. Vert.x would collect it before it answers, while the
   * connection is counted already, for as long as the client cares to withhold it.
   */
  private static boolean hasBody(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return request.headers().contains(HttpHeaders.TRANSFER_ENCODING)
        || (length != null && !length.strip().equals("0"));
  }

  /** Returns the turns, which are made for the first connection: no worker is needed before. */
  private synchronized LiveTurns turns() {
    LiveTurns made = turns;
    if (made == null) {
      made = new LiveTurns(workers.workers());
      turns = made;
    }
    return made;
  }

  private void open(ServerWebSocket socket, LiveFrame.Session session, HttpServerRequest request) {
    Context context = vertx.getOrCreateContext();
    Executor loop = task -> context.runOnContext(now -> task.run());
    SocketPeer peer = new SocketPeer(socket, vertx, idle);
    LiveConnection connection =
        new LiveConnection(session, classifier::classify, turns(), loop, peer, maxFrame);
    connections.add(connection);
    socket.frameHandler(frame -> receive(connection, peer, frame));
    socket.drainHandler(drained -> connection.next());
    socket.exceptionHandler(failure -> {}); // the connection is closed then
    socket.closeHandler(closed -> {
      peer.stop();
      connection.closed();
      connections.remove(connection);
      UpgradedRequest.end(request);
    });
  }

  private static void receive(LiveConnection connection, SocketPeer peer, WebSocketFrame frame) {
    if (frame.isText()) {
      peer.close(LiveConnection.UNACCEPTABLE, "Send each image as a binary message.");
    } else if (frame.isBinary() || frame.isContinuation()) {
      peer.active();
      connection.receive(frame.binaryData(), frame.isFinal());
    }
  }
}
