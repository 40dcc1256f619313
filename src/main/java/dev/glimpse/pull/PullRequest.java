package dev.glimpse.pull;

import dev.glimpse.repository.ModelFolder;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * What is to be fetched.
 *
 * @param name the model's name in the repository
 * @param source where it is from, for people
 * @param files its files
 * @param written small files that come with the description, by path
 */
public record PullRequest(
    String name, String source, List<RemoteFile> files, Map<String, String> written) {

  public PullRequest {
    requireName(name);
    files = List.copyOf(files);
    written = Map.copyOf(written);
    written.keySet().forEach(RemoteFile::requirePath);
  }

  /** The small files that say what the graph takes and answers. */
  List<RemoteFile> descriptions() {
    return files.stream().filter(RemoteFile::isDescription).toList();
  }

  /** The graph, and then what there is beside it, such as weights. */
  List<RemoteFile> graphs() {
    return files.stream()
        .filter(file -> !file.isDescription())
        .sorted(Comparator.comparing(file -> !file.isGraph()))
        .toList();
  }

  /**
   * Whether a model can be called so, which is better known before anything is asked for it.
   *
   * @throws FetchException if it cannot
   */
  static String requireName(String name) {
    if (!ModelFolder.isName(name)) {
      throw new FetchException(
          "\"%s\" is no name for a model: give one with --name, of 1 to 64 letters, digits, dots, hyphens and underscores."
              .formatted(name));
    }
    return name;
  }
}
