package dev.glimpse.api.live;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Asks for a WebSocket byte by byte, as no well-behaved client does. */
final class RawHandshake implements AutoCloseable {

  private static final int PATIENCE_MILLIS = 20_000;

  private final Socket socket;

  /**
   * Sends a handshake that is complete, and further header lines.
   *
   * @param headers each {@code Name: value}
   */
  RawHandshake(int port, String... headers) throws IOException {
    this(InetAddress.getLoopbackAddress(), port, headers);
  }

  /** Sends a handshake from one of this machine's addresses. */
  RawHandshake(InetAddress from, int port, String... headers) throws IOException {
    socket = new Socket(InetAddress.getByName("127.0.0.1"), port, from, 0);
    socket.setSoTimeout(PATIENCE_MILLIS);
    send(
        """
        GET /predict/live HTTP/1.1\r
        Host: localhost:%d\r
        Upgrade: websocket\r
        Connection: Upgrade\r
        Sec-WebSocket-Version: 13\r
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
        """
            .formatted(port)
            + (headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n")
            + "\r\n");
  }

  private void send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Sends a frame of a binary message, masked with zeros. */
  void sendFrame(boolean last, byte[] payload) throws IOException {
    if (payload.length > 125) {
      throw new IllegalArgumentException("longer frames have another header");
    }
    socket.getOutputStream().write(new byte[] {
      (byte) (last ? 0x82 : 0x02), (byte) (0x80 | payload.length), 0, 0, 0, 0
    });
    socket.getOutputStream().write(payload);
  }

  /** Waits for the status of the response. */
  int status() throws IOException {
    InputStream in = socket.getInputStream();
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new IOException("closed after " + line);
      }
      line.append((char) next);
    }
    return Integer.parseInt(line.toString().split(" ")[1]);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
