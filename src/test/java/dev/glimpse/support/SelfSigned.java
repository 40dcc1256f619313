package dev.glimpse.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;

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
}
