package dev.glimpse.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.repository.ModelFolder;
import dev.glimpse.support.ModelSigner;
import dev.glimpse.support.Repository;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Statements and bundles that are wrong, although a key that counts has signed them. */
class SignedStatementTest {

  private static final List<String> FILES =
      List.of("config.json", "labels.zh.txt", "model.onnx", "preprocessor_config.json");

  private static final String DIGEST = "0".repeat(64);

  /** A change, and a part of the sentence by which it is refused. */
  private record Change(String name, Consumer<ObjectNode> of, String why) {
    @Override
    public String toString() {
      return name;
    }
  }

  @TempDir private Path temporary;

  private ModelSigner signer;
  private Path folder;
  private ObjectNode statement;

  @BeforeEach
  void signTheModel() throws Exception {
    signer = new ModelSigner("secp256r1");
    folder = new Repository(temporary).put("colors/1", "colors", 1);
    statement = ModelSigner.statement(folder, FILES);
  }

  @Test
  void aRightOneCounts() throws Exception {
    ModelSigner.write(folder, signer.bundle(statement));

    assertThat(verify()).startsWith("the key ");
  }

  @Test
  void keysNeedNotBeNamed() throws Exception {
    ObjectNode bundle = signer.bundle(statement);
    object(bundle, "verificationMaterial").putObject("publicKey");
    ModelSigner.write(folder, bundle);

    assertThat(verify()).startsWith("the key ");
  }

  @Test
  void markdownMayBeLeftOut() throws Exception {
    Files.writeString(folder.resolve("MODEL_CARD.md"), "good");
    serialization(statement).withArray("ignore_paths").add("MODEL_CARD.md");
    ModelSigner.write(folder, signer.bundle(statement));

    assertThat(verify()).startsWith("the key ");
  }

  static final List<Change> STATEMENTS =
      List.of(
          new Change(
              "_type", s -> s.put("_type", "https://in-toto.io/Statement/v0.1"), "the _type \""),
          new Change("no _type", s -> s.remove("_type"), "no valid _type"),
          new Change(
              "predicateType",
              s -> s.put("predicateType", "https://model_signing/Digests/v0.1"),
              "the predicateType \"https://model_signing/Digests/v0.1\", and"),
          new Change(
              "shards", s -> serialization(s).put("method", "shards"), "the method \"shards\""),
          new Change(
              "hash", s -> serialization(s).put("hash_type", "blake3"), "the hash_type \"blake3\""),
          new Change(
              "links", s -> serialization(s).put("allow_symlinks", "no"), "no valid predicate."),
          new Change("no files", s -> resources(s).removeAll(), "no valid predicate.resources"),
          new Change(
              "resources", s -> object(s, "predicate").put("resources", 4), "no valid predicate"),
          new Change("algorithm", s -> first(s).put("algorithm", "md5"), "the algorithm \"md5\""),
          new Change("digest", s -> first(s).put("digest", DIGEST), "no valid subject"),
          new Change("capitals", s -> first(s).put("digest", DIGEST.replace('0', 'A')), "no valid"),
          new Change("short", s -> first(s).put("digest", "00"), "no valid predicate.resources.0"),
          new Change("order", s -> resources(s).add(resources(s).remove(0)), "no valid subject"),
          new Change("removed", s -> resources(s).remove(0), "no valid subject"),
          new Change(
              "subject", s -> ((ArrayNode) s.get("subject")).addObject(), "no valid subject"),
          new Change("no subject", s -> s.putArray("subject"), "no valid subject"),
          new Change("twice", s -> with(s, "model.onnx"), "names model.onnx twice"),
          new Change(
              "outside", s -> with(s, "../other/model.onnx"), "no valid predicate.resources.4"),
          new Change("absolute", s -> with(s, "/etc/passwd"), "no valid predicate.resources.4"),
          new Change("parent", s -> with(s, "a/../../b"), "no valid predicate.resources.4"),
          new Change("unusual", s -> with(s, "./labels.txt"), "no valid predicate.resources.4"),
          new Change("slashes", s -> with(s, "a//b"), "no valid predicate.resources.4"),
          new Change("folder", s -> with(s, "."), "no valid predicate.resources.4"),
          new Change("empty", s -> with(s, ""), "no valid predicate.resources.4"),
          new Change("backslash", s -> with(s, "..\\b"), "no valid predicate.resources.4"),
          new Change("zero", s -> with(s, "a\u0000b"), "no valid predicate.resources.4"),
          new Change("missing", s -> with(s, "more.json"), "more.json was signed, and is missing"),
          new Change("less", s -> without(s, 0), "config.json was not signed"),
          new Change(
              "other digest", s -> changed(s), "config.json is not the file that was signed"));

  @ParameterizedTest
  @FieldSource("STATEMENTS")
  void wrongStatementsAreRefused(Change change) throws Exception {
    change.of.accept(statement);
    ModelSigner.write(folder, signer.bundle(statement));

    refused(change.why);
  }

  static final List<Change> BUNDLES =
      List.of(
          new Change(
              "mediaType", b -> b.put("mediaType", "a/b"), "model.sig has no valid mediaType"),
          new Change(
              "payloadType",
              b -> object(b, "dsseEnvelope").put("payloadType", "text/plain"),
              "no valid dsseEnvelope.payloadType"),
          new Change(
              "several",
              b -> signatures(b).addObject(),
              "has several signatures, and one is expected"),
          new Change("none", b -> signatures(b).removeAll(), "no valid dsseEnvelope.signatures"),
          new Change("no object", b -> b.put("dsseEnvelope", 5), "no valid dsseEnvelope"),
          new Change(
              "no Base64", b -> signature(b).put("sig", "*"), "dsseEnvelope.signatures.0.sig"),
          new Change(
              "no DER", b -> signature(b).put("sig", "AAAA"), "was changed after it was signed"),
          new Change("empty", b -> signature(b).put("sig", ""), "was changed after it was signed"),
          new Change(
              "hint", b -> key(b).put("hint", DIGEST), "with a key that glimpse.models.verify"),
          new Change("keyless", b -> material(b).putArray("tlogEntries").add(1), "(keyless)"),
          new Change("short-lived", b -> material(b).putObject("certificate"), "(keyless)"),
          new Change("no signer", b -> material(b).removeAll(), "no valid verificationMaterial"),
          new Change(
              "both",
              b -> material(b).putObject("x509CertificateChain").putArray("certificates"),
              "no valid verificationMaterial"),
          new Change(
              "no chain",
              b -> chain(b),
              "no valid verificationMaterial.x509CertificateChain.certificates"),
          new Change(
              "no certificate",
              b -> chain(b).addObject().put("rawBytes", "AAAA"),
              "certificates.0.rawBytes"),
          new Change(
              "long chain",
              b -> chain(b).addAll(Stream.generate(b::objectNode).limit(11).toList()),
              "no valid verificationMaterial.x509CertificateChain.certificates"));

  @ParameterizedTest
  @FieldSource("BUNDLES")
  void wrongBundlesAreRefused(Change change) throws Exception {
    ObjectNode bundle = signer.bundle(statement);
    change.of.accept(bundle);
    ModelSigner.write(folder, bundle);

    refused(change.why);
  }

  @ParameterizedTest
  @ValueSource(strings = {".", "./config.json", "config.json", "model.onnx", "labels.zh.txt"})
  void whatIsReadCannotBeLeftOut(String path) throws Exception {
    statement =
        ModelSigner.statement(folder, FILES.stream().filter(f -> !path.endsWith(f)).toList());
    if (path.equals(".")) {
      Files.writeString(folder.resolve("labels.txt"), "a");
    }
    serialization(statement).withArray("ignore_paths").add(path);
    ModelSigner.write(folder, signer.bundle(statement));

    refused("was left out when the folder was signed, which only Markdown may be");
  }

  @Test
  void namesThatComeTwiceAreRefused() throws Exception {
    for (Map.Entry<String, String> text :
        Map.of(
                "{\"a\":1,\"a\":2}",
                "is not valid JSON",
                "{} {}",
                "is not valid JSON",
                "[]",
                "is not a JSON object",
                "",
                "is not a JSON object",
                "[".repeat(100_000),
                "is not valid JSON")
            .entrySet()) {
      ModelSigner.write(folder, signer.bundle(text.getKey().getBytes(StandardCharsets.UTF_8)));
      refused("the statement in model.sig " + text.getValue());
      Files.writeString(folder.resolve("model.sig"), text.getKey());
      refused("model.sig " + text.getValue());
    }
  }

  @Test
  void anotherPayloadIsRefused() throws Exception {
    ObjectNode bundle = signer.bundle(statement);
    with(statement, "more.json");
    ObjectNode other = new ModelSigner("secp256r1").bundle(statement);
    object(bundle, "dsseEnvelope").set("payload", other.at("/dsseEnvelope/payload"));
    ModelSigner.write(folder, bundle);

    refused("model.sig was changed after it was signed; copy it again, or sign the folder again");
  }

  private String verify() throws Exception {
    Path keys = Files.writeString(temporary.resolve("keys.pem"), signer.pem());
    return new ModelVerification(keys).signer(new ModelFolder("colors", 1, folder));
  }

  private void refused(String why) {
    assertThatThrownBy(this::verify)
        .isInstanceOfSatisfying(
            UnservableModelException.class,
            e -> assertThat(e.reason()).contains(why).doesNotContain(temporary.toString()));
  }

  private static ObjectNode object(ObjectNode of, String name) {
    return (ObjectNode) of.get(name);
  }

  private static ObjectNode serialization(ObjectNode statement) {
    return object(object(statement, "predicate"), "serialization");
  }

  private static ArrayNode resources(ObjectNode statement) {
    return (ArrayNode) statement.at("/predicate/resources");
  }

  private static ObjectNode first(ObjectNode statement) {
    return (ObjectNode) resources(statement).get(0);
  }

  private static void with(ObjectNode statement, String name) {
    ModelSigner.add(resources(statement), name, DIGEST);
    ModelSigner.subject(statement);
  }

  private static void without(ObjectNode statement, int resource) {
    resources(statement).remove(resource);
    ModelSigner.subject(statement);
  }

  private static void changed(ObjectNode statement) {
    first(statement).put("digest", DIGEST);
    ModelSigner.subject(statement);
  }

  private static ObjectNode material(ObjectNode bundle) {
    return object(bundle, "verificationMaterial");
  }

  private static ObjectNode key(ObjectNode bundle) {
    return object(material(bundle), "publicKey");
  }

  private static ArrayNode chain(ObjectNode bundle) {
    material(bundle).remove("publicKey");
    return material(bundle).putObject("x509CertificateChain").putArray("certificates");
  }

  private static ArrayNode signatures(ObjectNode bundle) {
    return (ArrayNode) bundle.at("/dsseEnvelope/signatures");
  }

  private static ObjectNode signature(ObjectNode bundle) {
    return (ObjectNode) signatures(bundle).get(0);
  }
}
