package dev.glimpse.signing;

import dev.glimpse.failure.Printable;
import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.repository.FileKind;
import dev.glimpse.repository.ModelFolder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Verifies the signature that {@code model_signing} has written into the folder of one version of a
 * model, as <a href="https://github.com/ossf/model-signing-spec">OpenSSF Model Signing</a> says.
 * Any thread may call the methods.
 */
public final class ModelVerification {

  /** The signature's file in the folder. */
  public static final String FILE = "model.sig";

  /** Copies that a killed process has left are found by this name; see the package engine. */
  static final String COPY = "glimpse-model-";

  private static final int MOST_BYTES = 4 << 20;
  private static final int HINT_CHARACTERS = 16;

  private final Path keys;
  private final InstantSource clock;

  /**
   * Creates a verification by the keys or certificates in a PEM file, which is read each time.
   *
   * @param keys the value of {@code glimpse.models.verify}
   */
  public ModelVerification(Path keys) {
    this(keys, InstantSource.system());
  }

  ModelVerification(Path keys, InstantSource clock) {
    this.keys = keys;
    this.clock = clock;
  }

  /** Returns whether a model has a signature, which may be invalid. */
  public static boolean isSigned(ModelFolder folder) {
    return Files.exists(folder.path().resolve(FILE));
  }

  /**
   * Verifies a model, all of whose files are read.
   *
   * @return who has signed it, for people
   * @throws UnservableModelException if it is not signed, or not by a key that counts, or is not
   *     what was signed
   */
  public String signer(ModelFolder folder) {
    return verify(folder, null);
  }

  /**
   * Verifies a model and copies what it verifies into the folder for temporary files, which needs
   * as much space as the model has bytes. Whatever happens to the model's own folder from then on
   * does not change the copy.
   *
   * @return owned by the caller
   * @throws UnservableModelException as {@link #signer} does, or if there is no space
   */
  public VerifiedCopy copy(ModelFolder folder) {
    long started = System.nanoTime();
    Path copy = temporary(folder);
    boolean verified = false;
    try {
      String signer = verify(folder, copy);
      verified = true;
      return new VerifiedCopy(
          folder.copiedTo(copy), signer, (System.nanoTime() - started) / 1_000_000);
    } finally {
      if (!verified) {
        VerifiedCopy.delete(copy);
      }
    }
  }

  private static Path temporary(ModelFolder folder) {
    try {
      return Files.createTempDirectory(COPY + ProcessHandle.current().pid() + "-");
    } catch (IOException e) {
      throw folder.unservable(
          "no folder can be made for its verified copy; make the folder for temporary files writable,"
              + " or set another with -Djava.io.tmpdir",
          e);
    }
  }

  private String verify(ModelFolder folder, @Nullable Path copy) {
    TrustedKeys trusted = TrustedKeys.read(keys);
    try {
      SignatureBundle bundle = SignatureBundle.parse(read(folder.path().resolve(FILE)));
      String signer = signer(bundle, trusted, clock.instant());
      requireNothingShared(folder);
      new SignedFolder(folder.path(), SignedStatement.parse(bundle.payload())).verify(copy);
      return Printable.of(signer);
    } catch (InvalidSignatureException e) {
      throw folder.unservable(e.what(), e);
    }
  }

  private static byte[] read(Path file) {
    if (!Files.exists(file)) {
      throw new InvalidSignatureException(
          "it is not signed: there is no "
              + FILE
              + "; sign the folder, or remove the setting glimpse.models.verify");
    }
    FileKind.problem(file)
        .ifPresent(problem -> {
          throw new InvalidSignatureException(FILE + " " + problem);
        });
    try (InputStream bytes = Files.newInputStream(file)) {
      byte[] read = bytes.readNBytes(MOST_BYTES + 1);
      if (read.length > MOST_BYTES) {
        throw new InvalidSignatureException(
            FILE + " is larger than 4 MB, and no signature; sign the folder again");
      }
      return read;
    } catch (IOException e) {
      throw new InvalidSignatureException(FILE + " cannot be read; copy it again", e);
    }
  }

  private static String signer(SignatureBundle bundle, TrustedKeys trusted, Instant now) {
    return bundle.chain().isEmpty()
        ? signerByKey(bundle, trusted.keys())
        : signerByCertificate(bundle, trusted.authorities(), now);
  }

  private static String signerByKey(SignatureBundle bundle, List<ECPublicKey> keys) {
    for (ECPublicKey key : keys) {
      String hint = EllipticCurves.hint(key);
      if (bundle.keyHint().isEmpty() || bundle.keyHint().equals(hint)) {
        if (EllipticCurves.signed(key, bundle.signedBytes(), bundle.signature())) {
          return "the key " + hint.substring(0, HINT_CHARACTERS);
        }
        if (!bundle.keyHint().isEmpty()) {
          throw changed();
        }
      }
    }
    throw new InvalidSignatureException(
        "it is signed with a key that glimpse.models.verify does not name; sign the folder with one"
            + " that it names");
  }

  private static String signerByCertificate(
      SignatureBundle bundle, List<X509Certificate> authorities, Instant now) {
    if (authorities.isEmpty()) {
      throw new InvalidSignatureException(
          "it is signed with a certificate, and glimpse.models.verify names only keys; add the"
              + " certificate of its authority, or sign the folder with a key");
    }
    X509Certificate signer = bundle.chain().get(0);
    SignerCertificate.verify(bundle.chain(), authorities, now);
    if (!EllipticCurves.signed(signer.getPublicKey(), bundle.signedBytes(), bundle.signature())) {
      throw changed();
    }
    return "%s, valid until %s"
        .formatted(
            signer.getSubjectX500Principal().getName(),
            SignerCertificate.day(signer.getNotAfter()));
  }

  private static InvalidSignatureException changed() {
    return new InvalidSignatureException(
        FILE + " was changed after it was signed; copy it again, or sign the folder again");
  }

  private static void requireNothingShared(ModelFolder folder) {
    List<String> shared = folder.inherited();
    if (!shared.isEmpty()) {
      throw new InvalidSignatureException(
          "%s lies beside the folders of the versions, where no signature covers it; copy it into the version's folder and sign that again"
              .formatted(shared.get(0)));
    }
  }
}
