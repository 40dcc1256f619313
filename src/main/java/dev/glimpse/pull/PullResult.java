package dev.glimpse.pull;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A model that is in the repository now.
 *
 * @param order what was asked for
 * @param version which version it is
 * @param folder where it is
 * @param files what was fetched for it
 */
public record PullResult(PullRequest order, int version, Path folder, List<Arrived> files) {

  /**
   * A file that came.
   *
   * @param path where in the model's folder
   * @param bytes its size
   * @param sha256 its checksum
   * @param checked whether that was known beforehand
   * @param licence what it may be used for, where that is known
   */
  public record Arrived(
      String path, long bytes, String sha256, boolean checked, Optional<String> licence) {}
}
