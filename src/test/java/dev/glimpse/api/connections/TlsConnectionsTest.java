package dev.glimpse.api.connections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glimpse.support.SelfSigned;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PfxOptions;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Guards connections by TLS, where the protocol is known only after the handshake. */
@Timeout(30)
class TlsConnectionsTest {

  private static final String PASSWORD = "changeit";
  private static final Duration HEADER_TIMEOUT = Duration.ofMillis(200);
  private static final int PATIENCE_MILLIS = 10_000;
  private static final int TLS_ALERT = 21;

  @TempDir private static Path folder;

  private static Vertx vertx;
  private static HttpServer server;
  private static SSLContext trusting;

  @BeforeAll
  static void start() throws Exception {
    Path store = folder.resolve("localhost.p12");
    SelfSigned.write(store, "localhost", PASSWORD);
    trusting = trusting(store);
    vertx = Vertx.vertx();
    HttpServerOptions options =
        new HttpServerOptions()
            .setSsl(true)
            .setUseAlpn(true)
            .setKeyCertOptions(new PfxOptions().setPath(store.toString()).setPassword(PASSWORD));
    server =
        GuardedServer.start(
            vertx,
            Map.of("glimpse.http.header-timeout", HEADER_TIMEOUT.toMillis() + "ms"),
            options,
            request -> request.response().end(request.version().alpnName()));
  }

  @AfterAll
  static void stop() {
    vertx.close();
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void requestsAreAnswered(HttpClient.Version version) throws Exception {
    HttpClient client = HttpClient.newBuilder().sslContext(trusting).version(version).build();
    URI address = URI.create("https://localhost:" + server.actualPort());
    for (int i = 0; i < 3; i++) {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
      assertThat(answer.body()).isEqualTo(version == HttpClient.Version.HTTP_2 ? "h2" : "http/1.1");
    }
  }

  @Test
  void invalidRequestsGetAProblem() throws Exception {
    try (Socket connection = connect()) {
      send(connection, "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nX-A: b\r\n\r\n");
      assertThat(new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .startsWith("HTTP/1.1 200")
          .contains("HTTP/1.1 400", "urn:glimpse:problem:malformed-request", "no Host header");
    }
  }

  /** Without it, a client cannot tell the end from an attacker's, who cuts a response short. */
  @Test
  void lastResponsesAreFollowedByTheEndOfTls() throws Exception {
    ByteArrayOutputStream received = new ByteArrayOutputStream();
    try (Socket socket = recorded(received)) {
      SSLSocket connection =
          (SSLSocket)
              trusting
                  .getSocketFactory()
                  .createSocket(socket, "localhost", server.actualPort(), true);
      connection.setEnabledProtocols(new String[] {"TLSv1.2"}); // names alerts in clear text
      send(connection, "GET / HTTP/1.1\r\nX-A: b\r\n\r\n");
      assertThat(new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .startsWith("HTTP/1.1 400");
    }
    assertThat(lastRecord(received.toByteArray())).isEqualTo(TLS_ALERT);
  }

  /** Returns a connection without TLS that keeps what it receives. */
  private static Socket recorded(OutputStream to) throws IOException {
    Socket socket =
        new Socket("localhost", server.actualPort()) {
          @Override
          public InputStream getInputStream() throws IOException {
            return new FilterInputStream(super.getInputStream()) {
              @Override
              public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
              }

              @Override
              public int read(byte[] into, int offset, int length) throws IOException {
                int read = super.read(into, offset, length);
                to.write(into, offset, Math.max(0, read));
                return read;
              }
            };
          }
        };
    socket.setSoTimeout(PATIENCE_MILLIS);
    return socket;
  }

  /** Returns the type of the last record. */
  private static int lastRecord(byte[] received) {
    ByteBuffer records = ByteBuffer.wrap(received);
    int type = -1;
    while (records.hasRemaining()) {
      type = records.get();
      records.getShort(); // the version
      records.position(records.position() + Short.BYTES + records.getShort(records.position()));
    }
    return type;
  }

  @Test
  void timeForTheHeadBeginsWithItsFirstByte() throws Exception {
    try (Socket connection = connectInTime()) {
      connection.setSoTimeout(700);
      assertThatThrownBy(() -> connection.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class);
      connection.setSoTimeout(PATIENCE_MILLIS);
      send(connection, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(connection.getInputStream().read()).isEqualTo('H');
    }
    try (Socket connection = connectInTime()) {
      long started = System.nanoTime();
      send(connection, "GET / HTTP/1.1\r\n");
      assertThat(isEndOf(connection.getInputStream())).isTrue();
      assertThat(Duration.ofNanos(System.nanoTime() - started))
          .isGreaterThanOrEqualTo(HEADER_TIMEOUT);
    }
  }

  private static boolean isEndOf(InputStream in) {
    try {
      return in.read() < 0;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true; // without TLS's own end
    }
  }

  private static Socket connect() throws IOException {
    SSLSocket connection = open();
    connection.startHandshake();
    return connection;
  }

  /**
   * Connects before the handshake has taken so long that the server ends it, as on a busy machine.
   * By TLS 1.2, a client knows then that the server, too, has seen its end.
   */
  private static Socket connectInTime() throws IOException {
    while (true) {
      SSLSocket connection = open();
      connection.setEnabledProtocols(new String[] {"TLSv1.2"});
      try {
        connection.startHandshake();
        return connection;
      } catch (IOException e) {
        connection.close(); // too late: once more
      }
    }
  }

  private static SSLSocket open() throws IOException {
    Socket connection = trusting.getSocketFactory().createSocket("localhost", server.actualPort());
    connection.setSoTimeout(PATIENCE_MILLIS);
    return (SSLSocket) connection;
  }

  private static void send(Socket connection, String text) throws IOException {
    connection.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    connection.getOutputStream().flush();
  }

  private static SSLContext trusting(Path store) throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream bytes = Files.newInputStream(store)) {
      keys.load(bytes, PASSWORD.toCharArray());
    }
    KeyStore certificates = KeyStore.getInstance("PKCS12");
    certificates.load(null, null);
    certificates.setCertificateEntry("localhost", keys.getCertificate("localhost"));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(certificates);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
