package dev.glimpse.signing;

import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.repository.FileKind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Holds the keys and authorities whose signatures count.
 *
 * @param keys of elliptic curves; the only kind with which models are signed
 * @param authorities certificates of authorities, whose certificates for signing count
 */
record TrustedKeys(List<ECPublicKey> keys, List<X509Certificate> authorities) {

  private static final String SETTING = "glimpse.models.verify";
  private static final String NAME_CONSTRAINTS = "2.5.29.30";
  private static final int MOST_BYTES = 1 << 20;

  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----([^-]*)-----END \\1-----");

  /**
   * Reads a PEM file.
   *
   * @throws UnservableModelException if it cannot be read, or holds anything else
   */
  static TrustedKeys read(Path file) {
    TrustedKeys trusted = new TrustedKeys(new ArrayList<>(), new ArrayList<>());
    for (MatchResult block : BLOCK.matcher(text(file)).results().toList()) {
      try {
        trusted.add(file, block.group(1), Base64.getMimeDecoder().decode(block.group(2)));
      } catch (GeneralSecurityException | IllegalArgumentException e) {
        throw wrong(
            file,
            "holds a %s that cannot be read; write it again".formatted(words(block.group(1))));
      }
    }
    if (trusted.keys.isEmpty() && trusted.authorities.isEmpty()) {
      throw wrong(file, "holds no public key and no certificate in PEM format; add one");
    }
    return trusted;
  }

  private static String text(Path file) {
    FileKind.problem(file)
        .ifPresent(problem -> {
          throw wrong(file, problem);
        });
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw wrong(file, "is larger than 1 MB, and no file of keys; name another file");
      }
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw wrong(file, "cannot be read; correct its path, or its permissions");
    }
  }

  private void add(Path file, String kind, byte[] der) throws GeneralSecurityException {
    switch (kind) {
      case "PUBLIC KEY" ->
          keys.add(
              (ECPublicKey)
                  KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(der)));
      case "CERTIFICATE" -> authorities.add(authority(file, der));
      default ->
          throw wrong(
              file,
              "holds a %s; it should hold public keys and certificates only"
                  .formatted(words(kind)));
    }
  }

  private static X509Certificate authority(Path file, byte[] der) throws GeneralSecurityException {
    X509Certificate certificate =
        (X509Certificate)
            CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(der));
    if (certificate.getBasicConstraints() < 0) {
      throw wrong(
          file,
          "holds a certificate that is no authority's; name the authority's, or the signer's"
              + " public key");
    }
    if (certificate.getExtensionValue(NAME_CONSTRAINTS)
        != null) { // Java ignores an authority's own
      throw wrong(
          file,
          "holds a certificate with name constraints, which are not supported; name another"
              + " authority's");
    }
    return certificate;
  }

  private static String words(String kind) {
    return kind.toLowerCase(Locale.ROOT);
  }

  private static UnservableModelException wrong(Path file, String what) {
    return new UnservableModelException("%s: the file %s %s.".formatted(SETTING, file, what));
  }
}
