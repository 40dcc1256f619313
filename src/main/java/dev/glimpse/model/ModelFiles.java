package dev.glimpse.model;

import dev.glimpse.recipe.DeclaredTask;
import dev.glimpse.repository.FolderDigest;
import dev.glimpse.repository.ModelFolder;
import java.nio.file.Path;

/**
 * Holds what is known of a model's folder before its graph is opened.
 *
 * @param folder the model's folder
 * @param digest of the folder's files as they are now
 * @param graph the exported graph
 * @param task what the files say about the model's task
 */
record ModelFiles(ModelFolder folder, FolderDigest digest, Path graph, DeclaredTask task) {

  /**
   * Finds the graph and reads the files beside it.
   *
   * @throws dev.glimpse.failure.UnservableModelException if there is no graph, or a file cannot be
   *     read
   */
  static ModelFiles read(ModelFolder folder) {
    FolderDigest digest = FolderDigest.of(folder);
    return new ModelFiles(folder, digest, folder.graph(), DeclaredTask.read(folder));
  }

  /** Returns the graph's path in the folder, for messages. */
  String graphName() {
    return folder.path().relativize(graph).toString();
  }
}
