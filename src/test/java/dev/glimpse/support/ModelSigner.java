package dev.glimpse.support;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.glimpse.digest.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** Signs models as the package model-signing does, and whatever else a test makes up. */
public final class ModelSigner {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TYPE = "application/vnd.in-toto+json";

  private final KeyPair key;

  /** Makes a key of a curve, such as {@code secp256r1}. */
  public ModelSigner(String curve) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec(curve));
    this.key = generator.generateKeyPair();
  }

  /** Returns the public key as a PEM file has it. */
  public String pem() {
    return "-----BEGIN PUBLIC KEY-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getPublic().getEncoded())
        + "\n-----END PUBLIC KEY-----\n";
  }

  /** Signs all files of a folder that has no folders. */
  public void sign(Path folder) throws IOException, GeneralSecurityException {
    Files.deleteIfExists(folder.resolve("model.sig"));
    try (Stream<Path> files = Files.list(folder)) {
      List<String> names = files.map(file -> file.getFileName().toString()).sorted().toList();
      write(folder, bundle(statement(folder, names)));
    }
  }

  /** Returns a statement about files of a folder that is right. */
  public static ObjectNode statement(Path folder, List<String> files) {
    ObjectNode statement = JSON.createObjectNode();
    statement.put("_type", "https://in-toto.io/Statement/v1");
    statement.put("predicateType", "https://model_signing/signature/v1.0");
    ObjectNode predicate = statement.putObject("predicate");
    ArrayNode resources = predicate.putArray("resources");
    for (String file : files) {
      add(resources, file, digest(folder.resolve(file)));
    }
    ObjectNode serialization = predicate.putObject("serialization");
    serialization.put("method", "files").put("hash_type", "sha256").put("allow_symlinks", false);
    serialization.putArray("ignore_paths").add("model.sig").add(".git");
    subject(statement);
    return statement;
  }

  public static void add(ArrayNode resources, String name, String digest) {
    resources.addObject().put("digest", digest).put("algorithm", "sha256").put("name", name);
  }

  private static String digest(Path file) {
    try {
      return Sha256.hex(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes the subject's digest that of the resources. */
  public static void subject(ObjectNode statement) {
    StringBuilder digests = new StringBuilder();
    statement
        .at("/predicate/resources")
        .forEach(file -> digests.append(file.get("digest").asText()));
    String digest = HexFormat.of().formatHex(Sha256.of(HexFormat.of().parseHex(digests)));
    statement
        .putArray("subject")
        .addObject()
        .put("name", "1")
        .putObject("digest")
        .put("sha256", digest);
  }

  /** Returns a bundle with a statement that this key has signed. */
  public ObjectNode bundle(ObjectNode statement)
      throws GeneralSecurityException, JsonProcessingException {
    return bundle(JSON.writeValueAsBytes(statement));
  }

  public ObjectNode bundle(byte[] payload) throws GeneralSecurityException {
    ObjectNode bundle = JSON.createObjectNode();
    bundle.put("mediaType", "application/vnd.dev.sigstore.bundle.v0.3+json");
    ObjectNode material = bundle.putObject("verificationMaterial");
    material
        .putObject("publicKey")
        .put(
            "hint", HexFormat.of().formatHex(Sha256.of(pem().getBytes(StandardCharsets.US_ASCII))));
    material.putArray("tlogEntries");
    ObjectNode envelope = bundle.putObject("dsseEnvelope");
    envelope.put("payload", Base64.getEncoder().encodeToString(payload)).put("payloadType", TYPE);
    envelope.putArray("signatures").addObject().put("sig", signature(payload)).put("keyid", "");
    return bundle;
  }

  private String signature(byte[] payload) throws GeneralSecurityException {
    Signature signing = Signature.getInstance("SHA256withECDSA");
    signing.initSign(key.getPrivate());
    signing.update(
        "DSSEv1 %d %s %d "
            .formatted(TYPE.length(), TYPE, payload.length)
            .getBytes(StandardCharsets.UTF_8));
    signing.update(payload);
    return Base64.getEncoder().encodeToString(signing.sign());
  }

  /** Writes a bundle into a model's folder. */
  public static void write(Path folder, ObjectNode bundle) throws IOException {
    Files.writeString(folder.resolve("model.sig"), bundle.toString());
  }
}
