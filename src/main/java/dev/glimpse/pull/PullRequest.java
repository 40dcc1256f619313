package dev.glimpse.pull;

import dev.glimpse.config.ModelName;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Describes a model to be fetched.
 *
 * @param name the model's name in the repository
 * @param source where it is from, for messages
 * @param files the files to download
 * @param contents the text of further small files, by path in the model's folder
 */
public record PullRequest(
    String name, String source, List<RemoteFile> files, Map<String, String> contents) {

  public PullRequest {
    requireName(name);
    files = List.copyOf(files);
    contents = Map.copyOf(contents);
    contents.keySet().forEach(RemoteFile::requirePath);
  }

  /** Returns the small files that describe the graph's input and output. */
  List<RemoteFile> descriptions() {
    return files.stream().filter(RemoteFile::isDescription).toList();
  }

  /** Returns the graph, followed by the files that belong to it, such as weights. */
  List<RemoteFile> graphs() {
    return files.stream()
        .filter(file -> !file.isDescription())
        .sorted(Comparator.comparing(file -> !file.isGraph()))
        .toList();
  }

  /**
   * Checks a model's name, and returns it. Called before the first request is sent.
   *
   * @throws FetchException if the name is not valid
   */
  static String requireName(String name) {
    if (!ModelName.isValid(name)) {
      throw new FetchException(
          "\"%s\" is not a valid model name: choose another with --name, of %s."
              .formatted(name, ModelName.WORDS));
    }
    return name;
  }
}
