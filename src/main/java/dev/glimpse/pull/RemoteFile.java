package dev.glimpse.pull;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * A file of a model, somewhere else.
 *
 * @param path where in the model's folder it goes
 * @param address where it is from
 * @param size its size, where that is known beforehand
 * @param sha256 its checksum in hexadecimal digits, where that is known beforehand
 * @param licence what it may be used for, where that is known
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
            "\"" + digits + "\" is no SHA-256: that has 64 digits, 0 to 9 and a to f.");
      }
    });
  }

  /** Whether it is a graph, and not what lies beside one. */
  boolean isGraph() {
    return path.endsWith(".onnx");
  }

  /** Whether it is one of the small files that say what a graph takes and answers. */
  boolean isDescription() {
    return DESCRIPTIONS.stream().anyMatch(path::endsWith);
  }

  static boolean isSha256(String digits) {
    return SHA256.matcher(digits).matches();
  }

  /** Never out of the model's folder. */
  static void requirePath(String path) {
    if (!PATH.matcher(path).matches()) {
      throw new FetchException("\"" + path + "\" is no file of a model's folder.");
    }
  }
}
