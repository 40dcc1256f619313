package dev.glimpse.api.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A client of {@code /predict/live}. */
final class LiveClient implements WebSocket.Listener, AutoCloseable {

  private static final int PATIENCE_SECONDS = 20;

  private final BlockingQueue<JsonNode> messages = new LinkedBlockingQueue<>();
  private final CompletableFuture<Integer> status = new CompletableFuture<>();
  private final StringBuilder text = new StringBuilder();
  private final WebSocket socket;

  /**
   * Connects.
   *
   * @param headers names and values by turns; {@code Sec-WebSocket-Protocol} with one protocol
   * @throws WebSocketHandshakeException if the service refuses
   */
  LiveClient(int port, String query, String... headers) throws WebSocketHandshakeException {
    WebSocket.Builder builder = HttpClient.newHttpClient().newWebSocketBuilder();
    for (int i = 0; i < headers.length; i += 2) {
      if (headers[i].equals("Sec-WebSocket-Protocol")) {
        builder.subprotocols("glimpse.live", headers[i + 1]);
      } else {
        builder.header(headers[i], headers[i + 1]);
      }
    }
    try {
      socket =
          builder
              .buildAsync(URI.create("ws://localhost:" + port + "/predict/live" + query), this)
              .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
              .join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof WebSocketHandshakeException refused) {
        throw refused;
      }
      throw e;
    }
  }

  void send(byte[] frame) {
    socket.sendBinary(ByteBuffer.wrap(frame), true).join();
  }

  void sendText(String message) {
    socket.sendText(message, true).join();
  }

  String protocol() {
    return socket.getSubprotocol();
  }

  /** Waits for the next message. */
  JsonNode next() throws InterruptedException {
    JsonNode message = messages.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (message == null) {
      throw new AssertionError("no message came; closed: " + status);
    }
    return message;
  }

  /** Waits for the end; returns its status. */
  int closed() {
    return status.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
  }

  @Override
  public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    text.append(data);
    if (last) {
      try {
        messages.add(new ObjectMapper().readTree(text.toString()));
      } catch (java.io.IOException e) {
        status.completeExceptionally(e);
      }
      text.setLength(0);
    }
    from.request(1);
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    status.complete(code);
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    status.completeExceptionally(error);
  }

  @Override
  public void close() {
    socket.abort();
  }
}
