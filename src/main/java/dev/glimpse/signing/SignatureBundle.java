package dev.glimpse.signing;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/**
 * Holds what a <a href="https://docs.sigstore.dev/about/bundle/">Sigstore bundle</a> says, of which
 * nothing is verified yet.
 *
 * @param payload what was signed
 * @param signature of {@link #signedBytes}
 * @param keyHint names the signer's public key, as {@link EllipticCurves#hint} does; empty if there
 *     is a certificate, or the signer did not name it
 * @param chain the signer's certificate, and those that lead to an authority; empty if there is
 *     none
 */
@SuppressWarnings("ArrayRecordComponent") // not compared
record SignatureBundle(
    byte[] payload, byte[] signature, String keyHint, List<X509Certificate> chain) {

  private static final String NAME = ModelVerification.FILE;
  private static final String MEDIA_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json";
  private static final String PAYLOAD_TYPE = "application/vnd.in-toto+json";
  private static final String MATERIAL = "/verificationMaterial";
  private static final String CHAIN = MATERIAL + "/x509CertificateChain/certificates";
  private static final int MOST_CERTIFICATES = 10;

  /**
   * Reads a bundle.
   *
   * @throws InvalidSignatureException if it is none, or of a kind that is not supported
   */
  static SignatureBundle parse(byte[] file) {
    StrictJson bundle = StrictJson.object(NAME, file);
    requireText(bundle, "/mediaType", MEDIA_TYPE);
    requireText(bundle, "/dsseEnvelope/payloadType", PAYLOAD_TYPE);
    if (bundle.list("/dsseEnvelope/signatures").size() != 1) {
      throw new InvalidSignatureException(
          NAME
              + " has several signatures, and one is expected"
              + InvalidSignatureException.SIGN_AGAIN);
    }
    byte[] payload = bundle.bytes("/dsseEnvelope/payload");
    byte[] signature = bundle.bytes("/dsseEnvelope/signatures/0/sig");
    return new SignatureBundle(payload, signature, keyHint(bundle), chain(bundle));
  }

  private static void requireText(StrictJson bundle, String pointer, String expected) {
    if (!bundle.text(pointer).equals(expected)) {
      throw bundle.wrong(pointer);
    }
  }

  private static String keyHint(StrictJson bundle) {
    boolean key = bundle.find(MATERIAL + "/publicKey").isPresent();
    boolean chain = bundle.find(MATERIAL + "/x509CertificateChain").isPresent();
    boolean logged = bundle.find(MATERIAL + "/tlogEntries").filter(e -> !e.isEmpty()).isPresent();
    if (logged || bundle.find(MATERIAL + "/certificate").isPresent()) {
      throw new InvalidSignatureException(
          NAME
              + " was made by an identity of Sigstore (keyless), which is not supported; sign the"
              + " folder with a key or a certificate");
    }
    if (key == chain) {
      throw bundle.wrong(MATERIAL);
    }
    String hint = MATERIAL + "/publicKey/hint"; // missing before version 1.1 of the package
    return bundle.find(hint).isPresent() ? bundle.text(hint) : "";
  }

  private static List<X509Certificate> chain(StrictJson bundle) {
    if (bundle.find(MATERIAL + "/x509CertificateChain").isEmpty()) {
      return List.of();
    }
    JsonNode written = bundle.list(CHAIN);
    if (written.size() > MOST_CERTIFICATES) {
      throw bundle.wrong(CHAIN);
    }
    List<X509Certificate> chain = new ArrayList<>();
    for (int i = 0; i < written.size(); i++) {
      chain.add(certificate(bundle, "%s/%d/rawBytes".formatted(CHAIN, i)));
    }
    return chain;
  }

  private static X509Certificate certificate(StrictJson bundle, String pointer) {
    try {
      ByteArrayInputStream der = new ByteArrayInputStream(bundle.bytes(pointer));
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(der);
    } catch (CertificateException e) {
      throw bundle.wrong(pointer);
    }
  }

  /**
   * Returns the bytes that were signed: the payload with its type and lengths, in <a
   * href="https://github.com/secure-systems-lab/dsse/blob/v1.0.0/protocol.md">DSSE</a>'s encoding.
   */
  byte[] signedBytes() {
    byte[] head =
        "DSSEv1 %d %s %d "
            .formatted(PAYLOAD_TYPE.length(), PAYLOAD_TYPE, payload.length)
            .getBytes(StandardCharsets.US_ASCII);
    byte[] signed = new byte[head.length + payload.length];
    System.arraycopy(head, 0, signed, 0, head.length);
    System.arraycopy(payload, 0, signed, head.length, payload.length);
    return signed;
  }
}
