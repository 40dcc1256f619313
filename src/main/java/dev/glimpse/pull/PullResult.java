package dev.glimpse.pull;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Describes a model that has been fetched into the repository.
 *
 * @param request what was requested
 * @param version the version that was created
 * @param folder the version's folder
 * @param files the files that were downloaded
 */
public record PullResult(PullRequest request, int version, Path folder, List<FetchedFile> files) {

  /**
   * Describes a file that was downloaded.
   *
   * @param path its path in the model's folder
   * @param bytes its size in bytes
   * @param sha256 its hash, in hexadecimal
   * @param checked whether the hash was known before, and so verified
   * @param licence its licence, if it is known
   */
  public record FetchedFile(
      String path, long bytes, String sha256, boolean checked, Optional<String> licence) {}
}
