package dev.glimpse.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** Makes certificates that only those trust who are given them. */
public final class SelfSigned {

  private SelfSigned() {}

  /** Writes a key and a certificate for a host into a new PKCS #12 file. */
  public static void write(Path store, String host, String password) throws Exception {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                host,
                "-keyalg",
                "EC",
                "-validity",
                "2",
                "-dname",
                "CN=" + host,
                "-ext",
                "SAN=dns:" + host,
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                password)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(keytool.waitFor()).isZero();
  }

  /**
   * Makes a key and a certificate for a host, as programs that are not written in Java read them.
   *
   * @param folder gets {@code tls.crt} and {@code tls.key}, and {@code trusted.p12} with the
   *     certificate for those who shall trust it; its password is {@code changeit}
   */
  public static void writePem(Path folder, String host) throws Exception {
    char[] password = "changeit".toCharArray();
    Path store = folder.resolve("own.p12");
    write(store, host, "changeit");
    KeyStore keys = KeyStore.getInstance(store.toFile(), password);
    Certificate certificate = keys.getCertificate(host);
    Files.writeString(folder.resolve("tls.crt"), pem("CERTIFICATE", certificate.getEncoded()));
    Files.writeString(
        folder.resolve("tls.key"), pem("PRIVATE KEY", keys.getKey(host, password).getEncoded()));
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry(host, certificate);
    try (OutputStream out = Files.newOutputStream(folder.resolve("trusted.p12"))) {
      trusted.store(out, password);
    }
  }

  /** Returns the key and the certificate of a file that {@link #write} has written. */
  public static KeyManager[] keyManagers(Path store, String password) throws Exception {
    char[] secret = password.toCharArray();
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(KeyStore.getInstance(store.toFile(), secret), secret);
    return factory.getKeyManagers();
  }

  /** Returns what trusts the certificates in a file such as {@code trusted.p12}. */
  public static TrustManager[] trustManagers(Path store, String password) throws Exception {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(KeyStore.getInstance(store.toFile(), password.toCharArray()));
    return factory.getTrustManagers();
  }

  /** Returns a key or a certificate as text. */
  public static String pem(String kind, byte[] content) {
    String lines =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(content);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(kind, lines, kind);
  }
}
