package dev.glimpse.signing;

import dev.glimpse.digest.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.util.Base64;

/** Verifies signatures of the curves P-256, P-384 and P-521, each with the hash of its size. */
final class EllipticCurves {

  private static final int PEM_LINE = 64;

  private EllipticCurves() {}

  /**
   * Returns whether a key has made a signature.
   *
   * @throws InvalidSignatureException if the key is of another kind
   */
  static boolean signed(PublicKey key, byte[] bytes, byte[] signature) {
    try {
      Signature verification = Signature.getInstance(algorithm(key));
      verification.initVerify(key);
      verification.update(bytes);
      return verification.verify(signature);
    } catch (GeneralSecurityException e) {
      return false; // the signature is not even of the right form
    }
  }

  private static String algorithm(PublicKey key) {
    int bits = key instanceof ECPublicKey ec ? ec.getParams().getOrder().bitLength() : 0;
    return switch (bits) {
      case 256 -> "SHA256withECDSA";
      case 384 -> "SHA384withECDSA";
      case 521 -> "SHA512withECDSA";
      default ->
          throw new InvalidSignatureException(
              "it is signed with a key of another kind than P-256, P-384 and P-521; sign the folder"
                  + " with one of these");
    };
  }

  /** Returns the name that bundles give a key: the SHA-256 of its PEM text. */
  static String hint(PublicKey key) {
    String lines =
        Base64.getMimeEncoder(PEM_LINE, new byte[] {'\n'}).encodeToString(key.getEncoded());
    String pem = "-----BEGIN PUBLIC KEY-----\n" + lines + "\n-----END PUBLIC KEY-----\n";
    return Sha256.hex(pem.getBytes(StandardCharsets.US_ASCII));
  }
}
