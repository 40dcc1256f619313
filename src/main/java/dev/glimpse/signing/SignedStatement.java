package dev.glimpse.signing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.glimpse.digest.Sha256;
import java.io.ByteArrayOutputStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Holds what a signature says of a folder: an <a href="https://in-toto.io/Statement/v1">in-toto
 * statement</a> with the predicate of OpenSSF Model Signing.
 *
 * @param files the SHA-256 of each signed file in lower-case hexadecimal, by its path in the
 *     folder, with slashes
 * @param ignored the paths that were left out, with all that is below them
 * @param links whether files may be symbolic links, or lie below one
 */
record SignedStatement(Map<String, String> files, Set<Path> ignored, boolean links) {

  private static final String STATEMENT = "https://in-toto.io/Statement/v1";
  private static final String PREDICATE = "https://model_signing/signature/v1.0";
  private static final String SHA_256 = "sha256";
  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");
  private static final Path WHOLE_FOLDER = Path.of("");
  private static final String SERIALIZATION = "/predicate/serialization/";

  /**
   * Reads a statement.
   *
   * @param payload whose signature has been verified
   * @throws InvalidSignatureException if it is of another kind, or contradicts itself
   */
  static SignedStatement parse(byte[] payload) {
    StrictJson statement = StrictJson.object("the statement in model.sig", payload);
    requireText(statement, "/_type", STATEMENT);
    requireText(statement, "/predicateType", PREDICATE);
    requireText(statement, SERIALIZATION + "method", "files");
    requireText(statement, SERIALIZATION + "hash_type", SHA_256);
    Map<String, String> files = files(statement);
    requireSubject(statement, files);
    return new SignedStatement(
        Collections.unmodifiableMap(files),
        ignored(statement),
        statement.flag(SERIALIZATION + "allow_symlinks"));
  }

  private static void requireText(StrictJson statement, String pointer, String expected) {
    String found = statement.text(pointer);
    if (!found.equals(expected)) {
      throw new InvalidSignatureException(
          "its signature has the %s \"%s\", and \"%s\" is expected%s"
              .formatted(
                  pointer.substring(pointer.lastIndexOf('/') + 1),
                  found,
                  expected,
                  InvalidSignatureException.SIGN_AGAIN));
    }
  }

  private static Map<String, String> files(StrictJson statement) {
    Map<String, String> files = new LinkedHashMap<>();
    int count = statement.list("/predicate/resources").size();
    for (int i = 0; i < count; i++) {
      String resource = "/predicate/resources/" + i;
      requireText(statement, resource + "/algorithm", SHA_256);
      String name = statement.text(resource + "/name");
      String digest = statement.text(resource + "/digest");
      if (!isInside(name) || !DIGEST.matcher(digest).matches()) {
        throw statement.wrong(resource);
      }
      if (files.put(name, digest) != null) {
        throw new InvalidSignatureException(
            "its signature names %s twice%s".formatted(name, InvalidSignatureException.SIGN_AGAIN));
      }
    }
    return files;
  }

  /** Returns whether a name is the one way to write a path that cannot lead out of the folder. */
  private static boolean isInside(String name) {
    try {
      Path path = Path.of(name);
      return !name.isEmpty()
          && !name.contains("\\")
          && !path.isAbsolute()
          && !path.startsWith("..")
          && path.equals(path.normalize())
          && path.toString().equals(name);
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /** Compares the digest by which others refer to the model: that of the files' digests. */
  private static void requireSubject(StrictJson statement, Map<String, String> files) {
    ByteArrayOutputStream digests = new ByteArrayOutputStream();
    files.values().forEach(digest -> digests.writeBytes(HexFormat.of().parseHex(digest)));
    String digest = Sha256.hex(digests.toByteArray());
    if (statement.list("/subject").size() != 1
        || !statement.text("/subject/0/digest/sha256").equals(digest)) {
      throw statement.wrong("/subject");
    }
  }

  private static Set<Path> ignored(StrictJson statement) {
    String pointer = SERIALIZATION + "ignore_paths";
    Set<Path> ignored = new HashSet<>();
    try {
      for (JsonNode path : statement.find(pointer).orElse(MissingNode.getInstance())) {
        ignored.add(Path.of(path.asText()).normalize());
      }
    } catch (InvalidPathException e) {
      throw statement.wrong(pointer);
    }
    return Collections.unmodifiableSet(ignored);
  }

  /**
   * Returns whether a file was left out when the folder was signed.
   *
   * @param name its path in the folder
   */
  boolean leftOut(Path name) {
    return ignored.stream().anyMatch(path -> path.equals(WHOLE_FOLDER) || name.startsWith(path));
  }
}
