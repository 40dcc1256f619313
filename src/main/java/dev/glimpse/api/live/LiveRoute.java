package dev.glimpse.api.live;

import dev.glimpse.Classifier;
import dev.glimpse.api.access.ClientAddress;
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
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.net.impl.ConnectionBase;
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

  private final Classifier classifier;
  private final QueryParameters parameters;
  private final RequestDeadline deadline;
  private final ArrivedBodies bodies;
  private final ClientAddress addresses;
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
      ClientAddress addresses,
      ProblemWriter problems,
      WorkerPool workers,
      Vertx vertx,
      @ConfigProperty(name = "quarkus.http.cors.enabled", defaultValue = "false") boolean cors) {
    this.classifier = classifier;
    this.parameters = parameters;
    this.deadline = deadline;
    this.bodies = bodies;
    this.addresses = addresses;
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
    if (context.response().closed()) {
      return; // the client has gone, such as while its token was verified
    }
    try {
      HttpServerRequest request = context.request();
      require(request);
      String network = addresses.of(request);
      LiveFrame.Session session =
          new LiveFrame.Session(
              RequestId.of(context),
              deadline.of(request),
              parameters.of(QueryParameters.decoded(request)),
              request.getHeader(HttpHeaders.ACCEPT_LANGUAGE),
              bodies,
              ClientNetwork.of(request.connection()));
      connections.enter(network);
      LiveEnd end = new LiveEnd();
      end.add(() -> connections.left(network));
      runWhenClosed(request.connection(), end);
      request
          .toWebSocket()
          .onSuccess(socket -> open(socket, session, request, end))
          .onFailure(failure -> end.run());
    } catch (ServingException e) {
      Handshake.advise(context.response(), e);
      problems.refuse(context, e);
    }
  }

  /**
   * Ends when the channel is closed, and now if it is closed already, such as while the caller's
   * token was verified: Vert.x makes a WebSocket of it all the same, and tells nothing more.
   */
  private void runWhenClosed(HttpConnection connection, LiveEnd end) {
    Context context = vertx.getOrCreateContext();
    if (connection instanceof ConnectionBase netty) {
      netty.channel().closeFuture().addListener(closed -> context.runOnContext(now -> end.run()));
    }
  }

  private void require(HttpServerRequest request) {
    Handshake.require(request);
    String host = request.authority() == null ? null : request.authority().toString();
    if (!cors && !LiveOrigin.isSame(request.getHeader(HttpHeaders.ORIGIN), host)) {
      throw new ServingException(
          Failure.FORBIDDEN,
          "Pages of other origins may not connect; quarkus.http.cors.enabled lets some in.");
    }
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

  private void open(
      ServerWebSocket socket, LiveFrame.Session session, HttpServerRequest request, LiveEnd end) {
    Context context = vertx.getOrCreateContext();
    Executor loop = task -> context.runOnContext(now -> task.run());
    SocketPeer peer = new SocketPeer(socket, vertx, idle);
    end.add(peer::stop);
    LiveConnection connection =
        new LiveConnection(session, classifier::classify, turns(), loop, peer, maxFrame);
    end.add(connection::closed);
    end.add(() -> connections.remove(connection));
    end.add(() -> UpgradedRequest.end(request));
    if (socket.isClosed()) {
      end.run();
    }
    if (end.hasCome()) {
      return;
    }
    socket.frameHandler(frame -> receive(connection, peer, frame));
    socket.drainHandler(drained -> connection.next());
    socket.exceptionHandler(failure -> {}); // the connection is closed then
    socket.closeHandler(closed -> end.run());
    connections.add(connection);
  }

  private static void receive(LiveConnection connection, SocketPeer peer, WebSocketFrame frame) {
    if (frame.isText()) {
      connection.end(LiveConnection.UNACCEPTABLE, "Send each image as a binary message.");
    } else if ((frame.isBinary() || frame.isContinuation())
        && connection.receive(frame.binaryData(), frame.isFinal())) {
      peer.active(); // parts alone do not count: they could come for ever
    }
  }
}
