package dev.glimpse.signing;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertStore;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathBuilderResult;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Verifies that a certificate may sign models: an authority that counts has issued it, all
 * certificates up to that one are valid today, and its key is for signing code. Stricter than the
 * Python package, which takes a certificate that has expired since, and one that is for other
 * purposes, such as a server's. Fetches nothing: no certificates, and no lists of revoked ones.
 */
final class SignerCertificate {

  private static final String CODE_SIGNING = "1.3.6.1.5.5.7.3.3";
  private static final int DIGITAL_SIGNATURE = 0;
  private static final int SIGNING_CERTIFICATES = 5;

  private SignerCertificate() {}

  /**
   * Verifies the first certificate of a bundle.
   *
   * @param chain that certificate, and others that lead to an authority, in any order
   * @param authorities those that count; not empty
   * @throws InvalidSignatureException if it may not sign models
   */
  static void verify(List<X509Certificate> chain, List<X509Certificate> authorities, Instant now) {
    X509Certificate signer = chain.get(0);
    requireValid("the signer's certificate", signer, now);
    requireUsage(signer);
    try {
      PKIXBuilderParameters path = parameters(chain, authorities, now);
      PKIXCertPathBuilderResult found =
          (PKIXCertPathBuilderResult) CertPathBuilder.getInstance("PKIX").build(path);
      requireAuthority(
          found.getTrustAnchor().getTrustedCert(), found.getCertPath().getCertificates().size());
    } catch (CertPathBuilderException e) {
      throw new InvalidSignatureException(
          "the signer's certificate does not lead to an authority of glimpse.models.verify; sign the"
              + " folder with a certificate of that authority",
          e);
    } catch (GeneralSecurityException e) {
      throw new InvalidSignatureException("the signer's certificate cannot be verified", e);
    }
  }

  /** An authority's own dates do not count for Java, and neither do its constraints. */
  private static PKIXBuilderParameters parameters(
      List<X509Certificate> chain, List<X509Certificate> authorities, Instant now)
      throws GeneralSecurityException {
    Set<TrustAnchor> anchors =
        authorities.stream()
            .filter(authority -> isValid(authority, now))
            .map(authority -> new TrustAnchor(authority, null))
            .collect(Collectors.toSet());
    if (anchors.isEmpty()) {
      throw new InvalidSignatureException(
          "all certificates of glimpse.models.verify have expired; replace them");
    }
    X509CertSelector signer = new X509CertSelector();
    signer.setCertificate(chain.get(0));
    PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, signer);
    parameters.addCertStore(
        CertStore.getInstance("Collection", new CollectionCertStoreParameters(chain)));
    parameters.setRevocationEnabled(false);
    parameters.setDate(Date.from(now));
    return parameters;
  }

  private static boolean isValid(X509Certificate certificate, Instant now) {
    try {
      certificate.checkValidity(Date.from(now));
      return true;
    } catch (CertificateExpiredException | CertificateNotYetValidException e) {
      return false;
    }
  }

  private static void requireValid(String what, X509Certificate certificate, Instant now) {
    if (!isValid(certificate, now)) {
      throw new InvalidSignatureException(
          "%s is valid from %s to %s only; sign the folder with one that is valid today"
              .formatted(what, day(certificate.getNotBefore()), day(certificate.getNotAfter())));
    }
  }

  private static void requireUsage(X509Certificate signer) {
    boolean @Nullable [] usage = signer.getKeyUsage();
    List<String> extended;
    try {
      extended = signer.getExtendedKeyUsage();
    } catch (GeneralSecurityException e) {
      throw new InvalidSignatureException("the signer's certificate cannot be read", e);
    }
    boolean signs = usage == null || usage[DIGITAL_SIGNATURE];
    boolean signsCode = extended == null || extended.contains(CODE_SIGNING);
    if (!signs || !signsCode || (usage == null && extended == null)) {
      throw new InvalidSignatureException(
          "the signer's certificate is not for signing; sign the folder with one that has the key"
              + " usage digitalSignature, or the extended key usage codeSigning");
    }
  }

  /** Requires what Java requires only of the authorities in between. */
  private static void requireAuthority(@Nullable X509Certificate authority, int certificates) {
    boolean @Nullable [] usage = authority == null ? null : authority.getKeyUsage();
    int between = certificates - 1;
    if (authority == null
        || authority.getBasicConstraints() < between
        || (usage != null && !usage[SIGNING_CERTIFICATES])) {
      throw new InvalidSignatureException(
          "the authority of the signer's certificate may not issue it; sign the folder with a"
              + " certificate of another authority");
    }
  }

  static String day(Date date) {
    return date.toInstant().toString().substring(0, 10);
  }
}
