package dev.glimpse.repository;

import java.util.List;

/** Reads a file with one class name per line, in the order of the output. */
public final class LabelFile {

  private LabelFile() {}

  /**
   * Returns the names, without the spaces around them.
   *
   * @throws dev.glimpse.failure.UnservableModelException if the file is missing or is not text
   */
  public static List<String> read(ModelFolder folder, String fileName) {
    return folder.read(fileName).strip().lines().map(String::strip).toList();
  }
}
