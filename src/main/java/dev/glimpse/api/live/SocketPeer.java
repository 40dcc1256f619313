package dev.glimpse.api.live;

import io.vertx.core.Vertx;
import io.vertx.core.http.ServerWebSocket;
import java.time.Duration;

/**
 * Is the other side of a WebSocket, which is closed when it sends nothing for a time. Confined to
 * the connection's event loop.
 */
final class SocketPeer implements LiveConnection.Peer {

  private final ServerWebSocket socket;
  private final Vertx vertx;
  private final Duration idle;
  private long timer;

  SocketPeer(ServerWebSocket socket, Vertx vertx, Duration idle) {
    this.socket = socket;
    this.vertx = vertx;
    this.idle = idle;
    active();
  }

  /** Starts the time anew after which the connection is closed. */
  void active() {
    vertx.cancelTimer(timer);
    timer =
        vertx.setTimer(
            idle.toMillis(), late -> close(LiveConnection.NORMAL, "No frame came for a while."));
  }

  /** Stops the time. */
  void stop() {
    vertx.cancelTimer(timer);
  }

  @Override
  public void send(String message) {
    if (!socket.isClosed()) {
      var unused = socket.writeTextMessage(message);
    }
  }

  @Override
  public boolean isSlow() {
    return socket.writeQueueFull();
  }

  @Override
  public void close(short status, String reason) {
    stop();
    if (!socket.isClosed()) {
      var unused = socket.close(status, reason);
    }
  }
}
