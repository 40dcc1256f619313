package dev.glimpse.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glimpse.bytes.Bytes;
import dev.glimpse.memory.MemoryBudget;
import dev.glimpse.memory.RequestMemory;
import dev.glimpse.support.Configs;
import dev.glimpse.support.SelfSigned;
import io.vertx.core.Vertx;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that is connected to by address must present the certificate of the host name. */
@Timeout(60)
class CertificatesTest {

  private static final String TRUSTED = "javax.net.ssl.trustStore";
  private static final String PASSWORD = "changeit";
  private static final byte[] IMAGE = {1, 2, 3};

  @TempDir private static Path folder;
  private static Path store;

  private final Vertx vertx = Vertx.vertx();

  @BeforeAll
  static void signACertificate() throws Exception {
    store = folder.resolve("images.test.p12");
    SelfSigned.write(store, "images.test", PASSWORD);
  }

  @AfterEach
  void close() throws Exception {
    System.clearProperty(TRUSTED);
    System.clearProperty(TRUSTED + "Password");
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @Test
  void acceptsTheCertificateOfTheHostName() throws Exception {
    trust();
    try (ImageServer server = server()) {
      assertThat(fetch(server, "https://images.test:PORT/a.png").get().toArray()).isEqualTo(IMAGE);
      assertThat(server.lastName)
          .as("the server name that the client sends in TLS")
          .isEqualTo("images.test");
    }
  }

  @Test
  void rejectsTheCertificateOfAnotherName() throws Exception {
    trust();
    try (ImageServer server = server()) {
      assertRejected(server, "https://other.test:PORT/a.png");
      assertRejected(server, "https://127.0.0.1:PORT/a.png");
    }
  }

  @Test
  void rejectsAnUntrustedCertificate() throws Exception {
    try (ImageServer server = server()) {
      assertRejected(server, "https://images.test:PORT/a.png");
    }
  }

  @Test
  void doesNotFollowARedirectFromHttpsToHttp() throws Exception {
    trust();
    try (ImageServer server = server();
        ImageServer plain = new ImageServer()) {
      plain.image("/a.png", IMAGE);
      server
          .redirect("/plain", "http://images.test:" + plain.port() + "/a.png")
          .redirect("/safe", "/a.png");

      assertThat(fetch(server, "https://images.test:PORT/safe", plain.port()).get().toArray())
          .isEqualTo(IMAGE);
      assertThatThrownBy(() -> fetch(server, "https://images.test:PORT/plain", plain.port()).get())
          .hasMessageContaining("No image could be fetched");
      assertThat(plain.connections).hasValue(0);
    }
  }

  private void assertRejected(ImageServer server, String url) {
    assertThatThrownBy(() -> fetch(server, url).get())
        .hasMessageContaining("No image could be fetched from the URL.");
    assertThat(server.lastRequest).isEmpty();
  }

  private static void trust() {
    System.setProperty(TRUSTED, store.toString());
    System.setProperty(TRUSTED + "Password", PASSWORD);
  }

  private static ImageServer server() throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream bytes = Files.newInputStream(store)) {
      keys.load(bytes, PASSWORD.toCharArray());
    }
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    return new ImageServer(
            context
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getAllByName("127.0.0.1")[0]))
        .image("/a.png", IMAGE);
  }

  private CompletableFuture<Bytes> fetch(ImageServer server, String url, int... ports) {
    String allowed = "" + server.port() + (ports.length == 0 ? "" : "," + ports[0]);
    return new RemoteImages(
            vertx,
            Configs.of(
                Map.of(
                    "glimpse.url.enabled", "true",
                    "glimpse.url.http", "true",
                    "glimpse.url.ports", allowed)),
            host -> List.of(InetAddress.getAllByName("127.0.0.1")),
            new LoopbackToo(),
            new RequestMemory(Configs.defaults()))
        .at("image.url", url.replace("PORT", "" + server.port()))
        .apply(new MemoryBudget(1 << 20).open());
  }
}
