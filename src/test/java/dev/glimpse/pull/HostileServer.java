package dev.glimpse.pull;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** A server that writes exactly the bytes that a test makes it write, valid HTTP or not. */
public final class HostileServer implements AutoCloseable {

  /** Answers a request, given the lines of its head. */
  public interface Answer {
    void write(List<String> request, OutputStream out) throws IOException, InterruptedException;
  }

  private final ServerSocket socket;
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final List<List<String>> requests = new CopyOnWriteArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  public HostileServer() throws IOException {
    socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread thread = new Thread(this::serve, "hostile-server");
    thread.setDaemon(true);
    thread.start();
  }

  /** Sets the response at a path. */
  public HostileServer at(String path, Answer answer) {
    answers.put(path, answer);
    return this;
  }

  /** Serves a file, with an ETag, a length and range requests. */
  public HostileServer file(String path, byte[] bytes) {
    return at(path, (request, out) -> send(request, out, bytes, Integer.MAX_VALUE));
  }

  public String url(String path) {
    return "http://127.0.0.1:" + socket.getLocalPort() + path;
  }

  /** Returns the heads of the requests, in order. */
  public List<List<String>> requests() {
    return requests;
  }

  /** Waits until the test is over. */
  void stall() throws InterruptedException {
    closed.await();
  }

  /** Returns the value of a request's header, or an empty text. */
  static String header(List<String> request, String name) {
    String start = name.toLowerCase(java.util.Locale.ROOT) + ": ";
    return request.stream()
        .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith(start))
        .map(line -> line.substring(start.length()))
        .findFirst()
        .orElse("");
  }

  public static void head(OutputStream out, String status, String... headers) throws IOException {
    String text = "HTTP/1.1 " + status + "\r\n" + String.join("\r\n", headers);
    out.write((text.trim() + "\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
  }

  /** Responds correctly, but closes the connection after {@code most} bytes of the body. */
  public static void send(List<String> request, OutputStream out, byte[] bytes, int most)
      throws IOException {
    String range = header(request, "Range");
    int from = 0;
    if (range.isEmpty()) {
      head(out, "200 OK", "Content-Length: " + bytes.length, "ETag: \"one\"");
    } else {
      from = Integer.parseInt(range.replaceAll("\\D", ""));
      head(
          out,
          "206 Partial Content",
          "Content-Length: " + (bytes.length - from),
          "Content-Range: bytes %d-%d/%d".formatted(from, bytes.length - 1, bytes.length));
    }
    if (!request.get(0).startsWith("HEAD")) {
      out.write(bytes, from, Math.min(most, bytes.length - from));
    }
  }

  private void serve() {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        Thread thread = new Thread(() -> answer(client), "hostile-answer");
        thread.setDaemon(true);
        thread.start();
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void answer(Socket client) {
    try (client;
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII))) {
      List<String> request =
          new CopyOnWriteArrayList<>(in.lines().takeWhile(line -> !line.isEmpty()).toList());
      requests.add(request);
      OutputStream out = client.getOutputStream();
      Answer answer = answers.get(request.get(0).split(" ")[1]);
      if (answer == null) {
        head(out, "404 Not Found", "Content-Length: 0");
      } else {
        answer.write(request, out);
      }
      out.flush();
    } catch (IOException | UncheckedIOException e) {
      // the client has closed the connection
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    socket.close();
  }
}
