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

/** Serves prepared responses on loopback, byte for byte, and counts the connections. */
final class ImageServer implements AutoCloseable {

  private static final byte[] NOT_FOUND =
      "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  /** Counts the connections, with or without a request. */
  final AtomicInteger connections = new AtomicInteger();

  volatile String lastRequest = "";

  /** The server name that the last client sent in TLS. */
  volatile String lastName = "";

  private final Map<String, byte[]> responses = new ConcurrentHashMap<>();
  private final Map<String, CountDownLatch> stalling = new ConcurrentHashMap<>();
  private final Map<String, CountDownLatch> disconnected = new ConcurrentHashMap<>();
  private final ServerSocket socket;

  ImageServer() throws IOException {
    this(new ServerSocket(0, 50, InetAddress.getAllByName("127.0.0.1")[0]));
  }

  ImageServer(ServerSocket socket) {
    this.socket = socket;
    Thread thread = new Thread(this::accept, "image-server");
    thread.setDaemon(true);
    thread.start();
  }

  int port() {
    return socket.getLocalPort();
  }

  /** Sets the response for a path. */
  ImageServer at(String path, String head, byte[] body) {
    byte[] start = ("HTTP/1.1 " + head + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
    byte[] all = new byte[start.length + body.length];
    System.arraycopy(start, 0, all, 0, start.length);
    System.arraycopy(body, 0, all, start.length, body.length);
    responses.put(path, all);
    return this;
  }

  ImageServer image(String path, byte[] body) {
    return at(path, "200 OK\r\nContent-Type: image/png\r\nContent-Length: " + body.length, body);
  }

  ImageServer redirect(String path, String to) {
    return at(path, "302 Found\r\nContent-Length: 0\r\nLocation: " + to, new byte[0]);
  }

  /** Sets a response whose head is sent, and whose body is not. */
  ImageServer stall(String path) {
    stalling.put(path, new CountDownLatch(1));
    disconnected.put(path, new CountDownLatch(1));
    return at(path, "200 OK\r\nContent-Type: image/png\r\nContent-Length: 9", new byte[1]);
  }

  /** Returns the latch that opens when a client waits for the body of a stalled response. */
  CountDownLatch stalling(String path) {
    return stalling.get(path);
  }

  /** Returns the latch that opens when a client of a stalled response disconnects. */
  CountDownLatch disconnected(String path) {
    return disconnected.get(path);
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        connections.incrementAndGet();
        Thread thread = new Thread(() -> serve(client), "image-server-client");
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
        if (b < 0 || b == 0x16) { // a TLS handshake, which this server does not support
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
      respond(lastRequest.split(" ", 3)[1], in, client.getOutputStream());
    } catch (IOException e) {
      // the client disconnected first
    }
  }

  private void respond(String path, InputStream in, OutputStream out) throws IOException {
    try {
      out.write(responses.getOrDefault(path, NOT_FOUND));
      out.flush();
      if (stalling.containsKey(path)) {
        stalling.get(path).countDown();
        while (in.read() >= 0) {
          // until the client disconnects
        }
      }
    } finally { // also after a reset
      if (disconnected.containsKey(path)) {
        disconnected.get(path).countDown();
      }
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
