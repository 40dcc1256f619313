package dev.glimpse.events;

import static dev.glimpse.support.Polling.await;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.config.EventsConfig.Mode;
import dev.glimpse.events.Delivered.Outcome;
import dev.glimpse.support.SelfSigned;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpSinkTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private EventReceiver receiver;

  @BeforeEach
  void start() throws IOException {
    receiver = EventReceiver.start();
  }

  @AfterEach
  void stop() {
    receiver.close();
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void theReceiverReadsEachEvent(Mode mode) throws Exception {
    try (HttpSink sink = sink(mode, Optional.empty(), TIMEOUT)) {
      Delivered delivered = sink.send(List.of(TestEvents.event("1"), TestEvents.event("2")));

      assertThat(delivered).isEqualTo(Delivered.all(2));
    }
    assertThat(receiver.events())
        .extracting(io.cloudevents.CloudEvent::getId)
        .containsExactlyInAnyOrder("1", "2");
    assertThat(receiver.answered()).isEqualTo(mode == Mode.BATCHED ? 1 : 2);
    assertThat(receiver.faults()).isEmpty();
  }

  @Test
  void connectionsAreKept() throws Exception {
    try (HttpSink sink = sink(Mode.BINARY, Optional.empty(), TIMEOUT)) {
      for (int i = 0; i < 5; i++) {
        sink.send(List.of(TestEvents.event("" + i)));
      }
    }
    assertThat(receiver.clients()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 503, 504, 408, 425, 429})
  void whatMayBeAcceptedLaterHasFailed(int status) throws Exception {
    receiver.answerWith(status);

    assertThat(sendOne())
        .isEqualTo(
            new Delivered(
                List.of(Outcome.FAILED),
                Optional.of("answers with status " + status),
                Duration.ZERO));
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 307, 400, 401, 403, 404, 413, 415})
  void whatWouldBeAnsweredAgainIsRejected(int status) throws Exception {
    receiver.answerWith(status);

    assertThat(sendOne().outcomes()).containsExactly(Outcome.REJECTED);
    assertThat(receiver.answered()).isEqualTo(1); // no redirect is followed
  }

  @Test
  void aReceiverMayAskForAPause() throws Exception {
    receiver.answerWith(503);
    receiver.retryAfter("7");
    assertThat(sendOne().pause()).isEqualTo(Duration.ofSeconds(7));
    receiver.retryAfter("86400");
    assertThat(sendOne().pause()).isEqualTo(Duration.ofSeconds(30));
    receiver.retryAfter("Mon, 30 Nov 2026 10:15:30 GMT");
    assertThat(sendOne().pause()).isZero();
  }

  @Test
  void aReceiverThatDoesNotAnswerHasFailed() throws Exception {
    receiver.hold();
    try (HttpSink sink = sink(Mode.BINARY, Optional.empty(), Duration.ofMillis(20))) {
      Delivered delivered = sink.send(List.of(TestEvents.event("1")));

      assertThat(delivered.outcomes()).containsExactly(Outcome.FAILED);
      assertThat(delivered.reason().orElseThrow())
          .isIn("does not answer within 20 ms", "accepts no connection in time");
    }
  }

  @Test
  void aReceiverThatIsAwayHasFailed() throws Exception {
    int port = free();
    try (HttpSink sink =
        new HttpSink(
            URI.create("http://127.0.0.1:" + port), Mode.BINARY, Optional::empty, TIMEOUT)) {
      Delivered delivered = sink.send(List.of(TestEvents.event("1")));

      assertThat(delivered.outcomes()).containsExactly(Outcome.FAILED);
      assertThat(delivered.reason()).contains("refuses connections");
      assertThat(sink.name()).isEqualTo("127.0.0.1:" + port);
    }
  }

  @Test
  void aReceiverThatSpeaksNoTlsHasFailed() throws Exception {
    try (ServerSocket plain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread answering = new Thread(() -> answerInClear(plain));
      answering.start();
      URI address = URI.create("https://127.0.0.1:" + plain.getLocalPort());
      try (HttpSink sink = new HttpSink(address, Mode.BINARY, Optional::empty, TIMEOUT)) {
        Delivered delivered = sink.send(List.of(TestEvents.event("1")));

        assertThat(delivered.outcomes()).containsExactly(Outcome.FAILED);
        assertThat(delivered.reason().orElseThrow())
            .startsWith("has no certificate that is trusted, or speaks no TLS (");
      }
      answering.join();
    }
  }

  @Test
  void aReceiverWhoseCertificateIsNotTrustedGetsNothing(@TempDir Path folder) throws Exception {
    Path store = folder.resolve("own.p12");
    SelfSigned.write(store, "localhost", "changeit");
    try (EventReceiver other = EventReceiver.startTls(0, store);
        HttpSink sink =
            new HttpSink(
                URI.create("https://localhost:" + other.port()),
                Mode.BINARY,
                () -> Optional.of("Bearer sesame"),
                TIMEOUT)) {
      Delivered delivered = sink.send(List.of(TestEvents.event("1")));

      assertThat(delivered.outcomes()).containsExactly(Outcome.FAILED);
      assertThat(delivered.reason().orElseThrow()).startsWith("has no certificate that is trusted");
      assertThat(other.headers()).isEmpty();
    }
  }

  private static void answerInClear(ServerSocket server) {
    try (Socket client = server.accept()) {
      // As servers do. Java's client may miss an answer that comes before its own first bytes.
      client.getInputStream().read();
      client.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(US_ASCII));
      client.shutdownOutput();
      client.getInputStream().readAllBytes(); // or the rest would reset the connection
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As receivers do with idle ones: no reason to report an outage. */
  @Test
  void aConnectionThatTheReceiverClosesIsReplaced() throws Exception {
    try (ServerSocket closing = new ServerSocket(0, 2, InetAddress.getLoopbackAddress())) {
      Thread answering = new Thread(() -> closeOneAndAnswerTheNext(closing));
      answering.start();
      URI address = URI.create("http://127.0.0.1:" + closing.getLocalPort());
      try (HttpSink sink = new HttpSink(address, Mode.BINARY, Optional::empty, TIMEOUT)) {
        assertThat(sink.send(List.of(TestEvents.event("1")))).isEqualTo(Delivered.all(1));
      }
      answering.join();
    }
  }

  @Test
  void aReceiverThatClosesEveryConnectionHasFailed() throws Exception {
    try (ServerSocket closing = new ServerSocket(0, 2, InetAddress.getLoopbackAddress())) {
      Thread answering =
          new Thread(() -> {
            closeOne(closing);
            closeOne(closing);
          });
      answering.start();
      URI address = URI.create("http://127.0.0.1:" + closing.getLocalPort());
      try (HttpSink sink = new HttpSink(address, Mode.BINARY, Optional::empty, TIMEOUT)) {
        assertThat(sink.send(List.of(TestEvents.event("1"))).reason())
            .contains("has closed the connection");
      }
      answering.join();
    }
  }

  private static void closeOneAndAnswerTheNext(ServerSocket server) {
    closeOne(server);
    try (Socket client = server.accept()) {
      read(client);
      client
          .getOutputStream()
          .write("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n".getBytes(US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void closeOne(ServerSocket server) {
    try (Socket client = server.accept()) {
      read(client);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads all of it: what is unread when a connection is closed resets it. */
  private static void read(Socket client) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) client.getInputStream().read());
    }
    Matcher length = Pattern.compile("(?i)content-length: ([0-9]+)").matcher(head);
    assertThat(length.find()).isTrue();
    client.getInputStream().readNBytes(Integer.parseInt(length.group(1)));
  }

  @Test
  void theAuthorizationIsSentWithEachRequest() throws Exception {
    try (HttpSink sink = sink(Mode.BATCHED, Optional.of("Bearer sesame"), TIMEOUT)) {
      sink.send(List.of(TestEvents.event("1")));
    }
    assertThat(receiver.headers()).contains("authorization: [Bearer sesame]");
  }

  @Test
  void anInterruptEndsTheWait() throws Exception {
    receiver.hold();
    try (HttpSink sink = sink(Mode.BINARY, Optional.empty(), TIMEOUT)) {
      Thread sending =
          new Thread(() -> {
            try {
              sink.send(List.of(TestEvents.event("1")));
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
      sending.start();
      await().until(() -> !receiver.headers().isEmpty());
      sending.interrupt();
      sending.join();
    }
  }

  private Delivered sendOne() throws InterruptedException {
    try (HttpSink sink = sink(Mode.BINARY, Optional.empty(), TIMEOUT)) {
      return sink.send(List.of(TestEvents.event("1")));
    }
  }

  private HttpSink sink(Mode mode, Optional<String> authorization, Duration timeout) {
    return new HttpSink(receiver.address(), mode, () -> authorization, timeout);
  }

  private static int free() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
