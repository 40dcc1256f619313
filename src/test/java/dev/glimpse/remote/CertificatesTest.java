package dev.glimpse.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glimpse.support.Configs;
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

/** Who is connected to by address has to show the certificate of the name all the same. */
@Timeout(60)
class CertificatesTest {

  private static final String TRUSTED = "javax.net.ssl.trustStore";
  private static final String PASSWORD = "changeit";
  private static final byte[] PICTURE = {1, 2, 3};

  @TempDir private static Path folder;
  private static Path store;

  private final Vertx vertx = Vertx.vertx();

  @BeforeAll
  static void signACertificate() throws Exception {
    store = folder.resolve("images.test.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "images",
                "-keyalg",
                "EC",
                "-validity",
                "2",
                "-dname",
                "CN=images.test",
                "-ext",
                "SAN=dns:images.test",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(keytool.waitFor()).isZero();
  }

  @AfterEach
  void close() throws Exception {
    System.clearProperty(TRUSTED);
    System.clearProperty(TRUSTED + "Password");
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @Test
  void theNamesCertificateIsTaken() throws Exception {
    trust();
    try (PictureServer server = server()) {
      assertThat(fetch(server, "https://images.test:PORT/a.png").get()).isEqualTo(PICTURE);
      assertThat(server.lastName).as("as the client asks for it in TLS").isEqualTo("images.test");
    }
  }

  @Test
  void theCertificateOfAnotherNameIsNot() throws Exception {
    trust();
    try (PictureServer server = server()) {
      assertRefused(server, "https://other.test:PORT/a.png");
      assertRefused(server, "https://127.0.0.1:PORT/a.png");
    }
  }

  @Test
  void oneThatNobodyVouchesForIsNot() throws Exception {
    try (PictureServer server = server()) {
      assertRefused(server, "https://images.test:PORT/a.png");
    }
  }

  @Test
  void nobodyIsLedFromHttpsToHttp() throws Exception {
    trust();
    try (PictureServer server = server();
        PictureServer plain = new PictureServer()) {
      plain.picture("/a.png", PICTURE);
      server
          .redirect("/plain", "http://images.test:" + plain.port() + "/a.png")
          .redirect("/safe", "/a.png");

      assertThat(fetch(server, "https://images.test:PORT/safe", plain.port()).get())
          .isEqualTo(PICTURE);
      assertThatThrownBy(() -> fetch(server, "https://images.test:PORT/plain", plain.port()).get())
          .hasMessageContaining("No picture could be fetched");
      assertThat(plain.connections).hasValue(0);
    }
  }

  private void assertRefused(PictureServer server, String url) {
    assertThatThrownBy(() -> fetch(server, url).get())
        .hasMessageContaining("No picture could be fetched from the URL.");
    assertThat(server.lastRequest).isEmpty();
  }

  private static void trust() {
    System.setProperty(TRUSTED, store.toString());
    System.setProperty(TRUSTED + "Password", PASSWORD);
  }

  private static PictureServer server() throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream bytes = Files.newInputStream(store)) {
      keys.load(bytes, PASSWORD.toCharArray());
    }
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    return new PictureServer(
            context
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getAllByName("127.0.0.1")[0]))
        .picture("/a.png", PICTURE);
  }

  private CompletableFuture<byte[]> fetch(PictureServer server, String url, int... ports) {
    String allowed = "" + server.port() + (ports.length == 0 ? "" : "," + ports[0]);
    return new RemotePictures(
            vertx,
            Configs.of(
                Map.of(
                    "glimpse.url.enabled", "true",
                    "glimpse.url.http", "true",
                    "glimpse.url.ports", allowed)),
            host -> List.of(InetAddress.getAllByName("127.0.0.1")),
            new LoopbackToo())
        .at("image.url", url.replace("PORT", "" + server.port()))
        .get();
  }
}
