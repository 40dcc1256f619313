package dev.glimpse.api.live;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
    this(from, port, complete(port), headers);
  }

  private RawHandshake(InetAddress from, int port, Map<String, String> own, String... headers)
      throws IOException {
    socket = new Socket(InetAddress.getByName("127.0.0.1"), port, from, 0);
    socket.setSoTimeout(PATIENCE_MILLIS);
    StringBuilder head = new StringBuilder("GET /predict/live HTTP/1.1\r\n");
    own.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    send(head + "\r\n");
  }

  /** Sends a handshake in which one header is another, or is missing if its value is empty. */
  static RawHandshake with(int port, String header, String value) throws IOException {
    Map<String, String> own = complete(port);
    own.put(header, value);
    own.values().removeIf(String::isEmpty);
    return new RawHandshake(InetAddress.getLoopbackAddress(), port, own);
  }

  private static Map<String, String> complete(int port) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Host", "localhost:" + port);
    headers.put("Upgrade", "websocket");
    headers.put("Connection", "Upgrade");
    headers.put("Sec-WebSocket-Version", "13");
    headers.put("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
    return headers;
  }

  private void send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Waits for the status of the response. */
  int status() throws IOException {
    return Integer.parseInt(line().split(" ")[1]);
  }

  /** Waits for the headers that follow the status. */
  List<String> headers() throws IOException {
    List<String> headers = new ArrayList<>();
    for (String next = line(); !next.isEmpty(); next = line()) {
      headers.add(next);
    }
    return headers;
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = socket.getInputStream().read();
        next != '\n';
        next = socket.getInputStream().read()) {
      if (next < 0) {
        throw new IOException("closed after " + line);
      }
      line.append((char) next);
    }
    return line.toString().strip();
  }

  /** Leaves without a word: the connection is reset, not closed. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
