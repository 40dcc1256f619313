package dev.glimpse.remote;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLSocket;

/** A server on loopback that says what it is told to, byte for byte, and counts who came. */
final class PictureServer implements AutoCloseable {

  private static final byte[] NOT_FOUND =
      "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  /** Those that came, whether they asked or not. */
  final AtomicInteger connections = new AtomicInteger();

  volatile String lastRequest = "";

  /** The name that the last one asked for in TLS. */
  volatile String lastName = "";

  private final Map<String, byte[]> answers = new ConcurrentHashMap<>();
  private final Map<String, CountDownLatch> stalling = new ConcurrentHashMap<>();
  private final Map<String, CountDownLatch> hungUp = new ConcurrentHashMap<>();
  private final ServerSocket socket;

  PictureServer() throws IOException {
    this(new ServerSocket(0, 50, InetAddress.getAllByName("127.0.0.1")[0]));
  }

  PictureServer(ServerSocket socket) {
    this.socket = socket;
    Thread thread = new Thread(this::accept, "picture-server");
    thread.setDaemon(true);
    thread.start();
  }

  int port() {
    return socket.getLocalPort();
  }

  /** What it answers at an address. */
  PictureServer at(String path, String head, byte[] body) {
    byte[] start = ("HTTP/1.1 " + head + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
    byte[] all = new byte[start.length + body.length];
    System.arraycopy(start, 0, all, 0, start.length);
    System.arraycopy(body, 0, all, start.length, body.length);
    answers.put(path, all);
    return this;
  }

  PictureServer picture(String path, byte[] body) {
    return at(path, "200 OK\r\nContent-Type: image/png\r\nContent-Length: " + body.length, body);
  }

  PictureServer redirect(String path, String to) {
    return at(path, "302 Found\r\nContent-Length: 0\r\nLocation: " + to, new byte[0]);
  }

  /** A picture that never comes, though its head does. */
  PictureServer stall(String path) {
    stalling.put(path, new CountDownLatch(1));
    hungUp.put(path, new CountDownLatch(1));
    return at(path, "200 OK\r\nContent-Type: image/png\r\nContent-Length: 9", new byte[1]);
  }

  /** Somebody waits for what {@link #stall} has there. */
  CountDownLatch stalling(String path) {
    return stalling.get(path);
  }

  /** Somebody has hung up on what {@link #stall} has there. */
  CountDownLatch hungUp(String path) {
    return hungUp.get(path);
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        connections.incrementAndGet();
        Thread thread = new Thread(() -> serve(client), "picture-server-client");
        thread.setDaemon(true);
        thread.start();
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      InputStream in = client.getInputStream();
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        int b = in.read();
        if (b < 0 || b == 0x16) { // TLS is not spoken here
          return;
        }
        head.append((char) b);
      }
      if (client instanceof SSLSocket tls
          && tls.getSession() instanceof ExtendedSSLSession session) {
        session.getRequestedServerNames().stream()
            .map(name -> new String(name.getEncoded(), StandardCharsets.US_ASCII))
            .forEach(name -> lastName = name);
      }
      lastRequest = head.toString();
      answer(lastRequest.split(" ", 3)[1], in, client.getOutputStream());
    } catch (IOException e) {
      // gone, before all was said
    }
  }

  private void answer(String path, InputStream in, OutputStream out) throws IOException {
    try {
      out.write(answers.getOrDefault(path, NOT_FOUND));
      out.flush();
      if (stalling.containsKey(path)) {
        stalling.get(path).countDown();
        while (in.read() >= 0) {
          // until the other side has enough of it
        }
      }
    } finally { // by a reset, too
      if (hungUp.containsKey(path)) {
        hungUp.get(path).countDown();
      }
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
