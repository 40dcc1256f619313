package dev.glimpse.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.repository.ModelFolder;
import dev.glimpse.support.Fixtures;
import dev.glimpse.support.Repository;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Verifies the signatures of {@code colors/1} that the package model-signing has made; {@code
 * src/test/golden/signing.py} made them.
 */
class ModelVerificationTest {

  private static final Path SIGNING = Fixtures.RESOURCES.resolve("signing");
  private static final String CHANGED = "is not the file that was signed";

  @TempDir private Path temporary;

  private Path folder;

  @BeforeEach
  void copyTheModel() {
    folder = new Repository(temporary).put("colors/1", "colors", 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"p256", "p384", "p521"})
  void keysOfEachCurveCount(String key) throws IOException {
    sign(key);

    assertThat(signer(key)).matches("the key [0-9a-f]{16}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"certificate", "chain", "long-lived"})
  void certificatesOfTheAuthorityCount(String signature) throws IOException {
    sign(signature);

    assertThat(signer("authority")).matches("CN=Signer, valid until 20[345]6-01-01");
  }

  @Test
  void oneOfSeveralKeysIsEnough() throws IOException {
    sign("p256");
    String all = "";
    for (String one : new String[] {"other", "authority", "p384", "p256"}) {
      all += Files.readString(SIGNING.resolve(one + ".pem"));
    }

    assertThat(signer(Files.writeString(temporary.resolve("all.pem"), all))).startsWith("the key");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          p256                | other           | signed with a key that glimpse.models.verify does not name
          p256                | authority       | signed with a key that glimpse.models.verify does not name
          certificate         | p256            | names only keys; add the certificate of its authority
          certificate         | other-authority | does not lead to an authority
          chain-missing       | authority       | does not lead to an authority
          chain-too-long      | authority       | may not issue it
          issued-by-customer  | authority       | does not lead to an authority
          server              | authority       | is not for signing
          encryption          | authority       | is not for signing
          no-usage            | authority       | is not for signing
          labels-left-out     | p256            | labels.zh.txt was left out when the folder was signed
          """)
  void othersSignaturesDoNotCount(String signature, String trusted, String why) throws IOException {
    sign(signature);

    refused(trusted, why);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          certificate | 2025-12-31T23:59:59Z | valid from 2026-01-01 to 2036-01-01 only
          certificate | 2036-01-01T00:00:01Z | valid from 2026-01-01 to 2036-01-01 only
          chain       | 2036-01-01T00:00:01Z | valid from 2026-01-01 to 2036-01-01 only
          long-lived  | 2046-01-01T00:00:01Z | certificates of glimpse.models.verify have expired
          """)
  void certificatesCountOnlyWhileTheyAreValid(String signature, Instant now, String why)
      throws IOException {
    sign(signature);

    refused(SIGNING.resolve("authority.pem"), InstantSource.fixed(now), why);
  }

  @Test
  void unsignedModelIsRefused() {
    refused("p256", "it is not signed: there is no model.sig; sign the folder");
  }

  @Test
  void changedFilesAreRefused() throws IOException {
    sign("p256");
    for (String name : new String[] {"config.json", "labels.zh.txt", "model.onnx"}) {
      byte[] before = Files.readAllBytes(folder.resolve(name));
      byte[] changed = before.clone();
      changed[changed.length / 2] ^= 1;
      Files.write(folder.resolve(name), changed);
      refused("p256", name + " " + CHANGED);
      Files.write(folder.resolve(name), before);
    }
    assertThat(signer("p256")).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "calibration.json",
        "labels.txt",
        "model.data",
        "model.prepared.ort",
        "golden/red/1.png",
        "onnx/model.onnx",
        "README.md",
        "onnx/model.sig"
      })
  void addedFilesAreRefused(String name) throws IOException {
    sign("p256");
    Files.createDirectories(folder.resolve(name).getParent());
    Files.writeString(folder.resolve(name), "{}");

    refused("p256", name + " was not signed; delete it, or sign the folder again");
  }

  @ParameterizedTest
  @ValueSource(strings = {".DS_Store", ".git/HEAD", ".cache/model.onnx", "..data/config.json"})
  void hiddenFilesAreNotRead(String name) throws IOException {
    sign("p256");
    Files.createDirectories(folder.resolve(name).getParent());
    Files.writeString(folder.resolve(name), "{}");

    try (VerifiedCopy copy = verification("p256").copy(folder())) {
      assertThat(copy.folder().path().resolve(name)).doesNotExist();
    }
  }

  @Test
  void relativeFoldersAreVerified() throws IOException {
    sign("p256");
    Path relative = Path.of("").toAbsolutePath().relativize(folder);

    assertThat(verification("p256").signer(new ModelFolder("colors", 1, relative))).isNotEmpty();
  }

  @Test
  void missingAndRenamedFilesAreRefused() throws IOException {
    sign("p256");
    Path labels = folder.resolve("labels.zh.txt");
    Files.move(labels, folder.resolve(".labels.zh.txt"));
    refused("p256", "labels.zh.txt was signed, and is missing");
    Files.move(folder.resolve(".labels.zh.txt"), folder.resolve("labels.txt"));
    refused("p256", "labels.txt was not signed");
    Files.delete(folder.resolve("labels.txt"));
    Files.createDirectory(labels);
    refused("p256", "labels.zh.txt is a folder and not a file");
  }

  @Test
  void linksAreRefusedUnlessTheyWereSigned() throws IOException {
    Path labels = folder.resolve("labels.zh.txt");
    Path elsewhere = Files.move(labels, temporary.resolve("elsewhere"));
    Files.createSymbolicLink(labels, elsewhere);
    sign("p256");
    refused("p256", "labels.zh.txt is a symbolic link, and the folder was signed without any");
    sign("links");
    assertThat(signer("p256")).isNotEmpty();
    Files.writeString(elsewhere, "others");
    refused("p256", "labels.zh.txt " + CHANGED);
    Files.delete(elsewhere);
    refused("p256", "labels.zh.txt is a link to a file that does not exist");
  }

  @Test
  void filesThatVersionsShareAreRefused() throws IOException {
    sign("p256");
    Path shared = Files.writeString(temporary.resolve("colors/labels.txt"), "a");
    refused(
        "p256", "labels.txt lies beside the folders of the versions, where no signature covers");
    Files.move(shared, temporary.resolve("colors/config.json")); // the version has its own
    assertThat(signer("p256")).isNotEmpty();
  }

  @Test
  void bytesOfTheSignatureCount() throws IOException {
    sign("p256");
    String signature = Files.readString(folder.resolve("model.sig"), StandardCharsets.US_ASCII);
    int payload = signature.indexOf("\"payload\"");
    int end = signature.indexOf("\"payloadType\"");
    for (int i = 0; i < signature.length(); i += i > payload && i < end - 20 ? 19 : 1) {
      byte[] changed = signature.getBytes(StandardCharsets.US_ASCII);
      changed[i] ^= 1;
      Files.write(folder.resolve("model.sig"), changed);
      assertThat(accepts("p256") && !isHarmless(signature, i)).as("byte %d", i).isFalse();
    }
  }

  /**
   * Names that are not read, or may be missing, may change, and so may bits that Base64 does not
   * use.
   */
  private static boolean isHarmless(String signature, int place) {
    return Pattern.compile("tlogEntries(?=\")|keyid(?=\")|hint(?=\")|[^=](?==+\")")
        .matcher(signature)
        .results()
        .anyMatch(found -> place >= found.start() && place < found.end());
  }

  @Test
  void everyTruncatedSignatureIsRefused() throws IOException {
    byte[] signature = Files.readAllBytes(SIGNING.resolve("chain.sig"));
    for (int length = 0; length < signature.length; length += 50) {
      Files.write(folder.resolve("model.sig"), Arrays.copyOf(signature, length));
      refused("authority", "model.sig is not");
    }
  }

  @Test
  void hugeSignatureIsNotRead() throws IOException {
    try (var file = new RandomAccessFile(folder.resolve("model.sig").toFile(), "rw")) {
      file.setLength(1L << 40);
    }
    refused("p256", "model.sig is larger than 4 MB");
  }

  @Test
  void signatureThatIsNoFileIsRefused() throws IOException {
    Files.createDirectory(folder.resolve("model.sig"));
    refused("p256", "model.sig is a folder and not a file");
  }

  @Test
  void signatureOfAnotherModelIsRefused() throws IOException {
    sign("p256");
    Path other = new Repository(temporary).put("colors-softmax/1", "other", 1);
    Files.copy(folder.resolve("model.sig"), other.resolve("model.sig"));
    folder = other;
    refused("p256", CHANGED);
  }

  @Test
  void copyIsWhatWasVerified() throws IOException {
    sign("p256");
    byte[] graph = Files.readAllBytes(folder.resolve("model.onnx"));
    Path copied;
    try (VerifiedCopy copy = verification("p256").copy(folder())) {
      Files.write(folder.resolve("model.onnx"), new byte[] {1}); // too late
      copied = copy.folder().path();
      assertThat(copied.resolve("model.onnx")).hasBinaryContent(graph);
      assertThat(copied.resolve("model.sig")).doesNotExist();
      assertThat(Files.getPosixFilePermissions(copied)).hasSize(3); // the owner's
      assertThat(Files.getLastModifiedTime(copied.resolve("config.json")))
          .isEqualTo(Files.getLastModifiedTime(folder.resolve("config.json")));
      assertThat(copy.folder().unservable("it is bad")).hasMessageContaining(folder.toString());
      assertThat(copy.words()).startsWith("colors/1 is signed by the key ");
    }
    assertThat(copied).doesNotExist();
  }

  @Test
  void filesOfKeysAreReadStrictly() throws IOException {
    sign("p256");
    String key = Files.readString(SIGNING.resolve("p256.pem"));
    wrongKeys("", "holds no public key and no certificate in PEM format; add one");
    wrongKeys(key.replace("PUBLIC", "PRIVATE"), "holds a private key; it should hold public keys");
    wrongKeys(key.replace("MFkw", "MFkx"), "holds a public key that cannot be read");
    wrongKeys(rsa(), "holds a public key that cannot be read");
    wrongKeys(
        Files.readString(SIGNING.resolve("signer.pem")), "certificate that is no authority's");
    wrongKeys(
        Files.readString(SIGNING.resolve("constrained-authority.pem")), "with name constraints");
    refused(
        temporary.resolve("none.pem"), InstantSource.system(), "cannot be read; correct its path");
    refused(temporary, InstantSource.system(), "is a folder and not a file");
  }

  private static String rsa() {
    byte[] key = Base64.getDecoder().decode("MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBALyS");
    return "-----BEGIN PUBLIC KEY-----\n%s\n-----END PUBLIC KEY-----\n"
        .formatted(Base64.getEncoder().encodeToString(key));
  }

  private void wrongKeys(String text, String why) throws IOException {
    Path file = Files.writeString(temporary.resolve("keys.pem"), text);
    refused(file, InstantSource.system(), why);
  }

  private void sign(String signature) throws IOException {
    Files.write(
        folder.resolve("model.sig"), Files.readAllBytes(SIGNING.resolve(signature + ".sig")));
  }

  private ModelFolder folder() {
    return new ModelFolder(folder.getParent().getFileName().toString(), 1, folder);
  }

  private ModelVerification verification(String trusted) {
    return new ModelVerification(SIGNING.resolve(trusted + ".pem"));
  }

  private String signer(String trusted) {
    return verification(trusted).signer(folder());
  }

  private String signer(Path trusted) {
    return new ModelVerification(trusted).signer(folder());
  }

  private boolean accepts(String trusted) {
    try {
      return !signer(trusted).isEmpty();
    } catch (UnservableModelException e) {
      return false;
    }
  }

  private void refused(String trusted, String why) {
    refused(SIGNING.resolve(trusted + ".pem"), InstantSource.system(), why);
  }

  /** Refused with a sentence for the operator; the one for clients tells no path. */
  private void refused(Path trusted, InstantSource clock, String why) {
    ModelVerification verification = new ModelVerification(trusted, clock);
    assertThatThrownBy(() -> verification.signer(folder()))
        .isInstanceOfSatisfying(
            UnservableModelException.class,
            e -> {
              assertThat(e).hasMessageContaining(why);
              assertThat(e.reason()).doesNotContain(temporary.toString());
            });
  }
}
