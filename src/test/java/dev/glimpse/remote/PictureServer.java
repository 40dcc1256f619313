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

  /** Those that came, whether they asked or not. */
  final AtomicInteger connections = new AtomicInteger();

  /** Somebody has hung up on {@code /stall}. */
  final CountDownLatch hungUp = new CountDownLatch(1);

  /** Somebody waits for {@code /stall}. */
  final CountDownLatch stalling = new CountDownLatch(1);

  volatile String lastRequest = "";

  /** The name that the last one asked for in TLS. */
  volatile String lastName = "";

  private final Map<String, byte[]> answers = new ConcurrentHashMap<>();
  private final ServerSocket socket;

  PictureServer() throws IOException {
    this(0);
  }

  PictureServer(int port) throws IOException {
    this(new ServerSocket(port, 50, InetAddress.getAllByName("127.0.0.1")[0]));
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
      String path = lastRequest.split(" ", 3)[1];
      OutputStream out = client.getOutputStream();
      out.write(
          answers.getOrDefault(
              path,
              "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII)));
      out.flush();
      if (path.startsWith("/stall")) {
        stalling.countDown();
        while (in.read() >= 0) {
          // until the other side has enough of it
        }
        hungUp.countDown();
      }
    } catch (IOException e) {
      hungUp.countDown(); // a reset, which is as good
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
