package dev.glimpse.support;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Opens an HTTP/1.1 connection whose bytes a test controls exactly. */
public final class RawConnection implements AutoCloseable {

  private static final int TIMEOUT_MILLIS = 20_000;

  private final Socket socket = new Socket();
  private final OutputStream out;
  private final InputStream in;

  public RawConnection(int port) throws IOException {
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.connect(new InetSocketAddress("localhost", port), TIMEOUT_MILLIS);
    this.out = socket.getOutputStream();
    this.in = new BufferedInputStream(socket.getInputStream());
  }

  /** Holds a response; the names of headers are in lower case. */
  public record Answer(int status, Map<String, String> headers, String body) {

    public boolean closes() {
      return "close".equals(headers.get("connection"));
    }
  }

  /** Sends an image to {@code /predict}; headers are whole lines. */
  public void post(byte[] image, String... headers) throws IOException {
    head("Content-Type: image/jpeg\r\nContent-Length: " + image.length, headers);
    send(image);
  }

  /** Sends the head of a request to {@code /predict}, and no body. */
  public void head(String first, String... more) throws IOException {
    StringBuilder head = new StringBuilder("POST /predict HTTP/1.1\r\nHost: localhost\r\n");
    head.append(first).append("\r\n");
    for (String header : more) {
      head.append(header).append("\r\n");
    }
    send(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
  }

  public void send(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  /** Reads the next response; fails if the connection ends before it does. */
  public Answer read() throws IOException {
    String[] status = line().split(" ", 3);
    Map<String, String> headers = new HashMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).trim());
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    byte[] body = in.readNBytes(length);
    if (body.length < length) {
      throw new EOFException("half a body");
    }
    return new Answer(
        Integer.parseInt(status[1]), headers, new String(body, StandardCharsets.UTF_8));
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the connection ended after \"" + line + "\"");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  /** Closes the sending side; a response can still be read. */
  public void closeOutput() throws IOException {
    socket.shutdownOutput();
  }

  /** Waits for the other side to close; tells whether it has. */
  public boolean ends() throws IOException {
    return in.read() < 0;
  }

  /** Resets the connection: data in flight is lost. */
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  /** Closes the connection in an orderly way. */
  public void hangUp() throws IOException {
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
