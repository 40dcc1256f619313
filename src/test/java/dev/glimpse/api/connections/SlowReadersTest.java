package dev.glimpse.api.connections;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Reads a response of HTTP/1 slowly, but never so slowly that it stalls. The system holds few bytes
 * for each connection, so that what the client reads is what the service sees to be read.
 */
@Timeout(30)
class SlowReadersTest {

  private static final int MIN_RATE = 1 << 20;
  private static final int HELD_BYTES = 256 << 10; // several segments, on loopback
  private static final int PAUSE_MILLIS = 50;
  private static final Buffer LARGE = Buffer.buffer(new byte[24 << 20]);

  private static Vertx vertx;
  private static HttpServer server;

  @BeforeAll
  static void start() throws Exception {
    vertx = Vertx.vertx();
    server =
        GuardedServer.start(
            vertx,
            Map.of("glimpse.http.write-timeout", "1s", "glimpse.http.min-rate", "" + MIN_RATE),
            new HttpServerOptions().setSendBufferSize(HELD_BYTES),
            request -> request.response().end(LARGE));
  }

  @AfterAll
  static void stop() {
    vertx.close();
  }

  @ParameterizedTest
  @CsvSource({"2, true", "0.5, false"})
  void aReaderAtTheMinimumRateKeepsItsConnection(double rates, boolean kept) throws Exception {
    byte[] part = new byte[(int) (rates * MIN_RATE * PAUSE_MILLIS / 1000)];
    try (Socket socket = new Socket()) {
      socket.setReceiveBufferSize(HELD_BYTES);
      socket.connect(new InetSocketAddress("localhost", server.actualPort()));
      socket
          .getOutputStream()
          .write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      long began = System.nanoTime();
      long end = began + Duration.ofSeconds(6).toNanos();
      boolean open = true;
      while (open && System.nanoTime() < end) {
        Thread.sleep(PAUSE_MILLIS);
        open = isWhole(in, part);
      }
      assertThat(open).isEqualTo(kept);
      assertThat(Duration.ofNanos(System.nanoTime() - began))
          .as("as long as a reader may stall, and no shorter")
          .isGreaterThan(Duration.ofSeconds(1));
    }
  }

  /** Reads a part of the response; returns whether the connection still has one. */
  private static boolean isWhole(InputStream in, byte[] part) {
    try {
      return in.readNBytes(part, 0, part.length) == part.length;
    } catch (IOException e) {
      return false; // reset
    }
  }
}
