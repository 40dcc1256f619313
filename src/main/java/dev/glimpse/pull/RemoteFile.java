package dev.glimpse.pull;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * Describes a file of a model on a server.
 *
 * @param path its path in the model's folder
 * @param address the URL to download it from
 * @param size its size in bytes, if it is known before the download
 * @param sha256 its hash in hexadecimal, if it is known before the download
 * @param licence its licence, if it is known
 */
public record RemoteFile(
    String path,
    URI address,
    OptionalLong size,
    Optional<String> sha256,
    Optional<String> licence) {

  private static final List<String> DESCRIPTIONS = List.of(".json", ".txt", ".properties");
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern PATH =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)?");

  public RemoteFile {
    requirePath(path);
    sha256.ifPresent(digits -> {
      if (!isSha256(digits)) {
        throw new FetchException(
            "\"" + digits + "\" is not a SHA-256: it must have 64 digits, 0 to 9 and a to f.");
      }
    });
  }

  /** Returns whether it is a graph, rather than a file that belongs to one. */
  boolean isGraph() {
    return path.endsWith(".onnx");
  }

  /** Returns whether it is one of the small files that describe a graph's input and output. */
  boolean isDescription() {
    return DESCRIPTIONS.stream().anyMatch(path::endsWith);
  }

  static boolean isSha256(String digits) {
    return SHA256.matcher(digits).matches();
  }

  /** Checks that a path stays within the model's folder. */
  static void requirePath(String path) {
    if (!PATH.matcher(path).matches()) {
      throw new FetchException(
          "\""
              + path
              + "\" is not a valid path in a model's folder: it may have one subfolder, and"
              + " letters, digits, dots, hyphens and underscores.");
    }
  }
}
