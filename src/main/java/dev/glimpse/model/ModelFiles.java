package dev.glimpse.model;

import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.postprocess.DistanceTest;
import dev.glimpse.recipe.CalibrationFile;
import dev.glimpse.recipe.DeclaredTask;
import dev.glimpse.repository.FolderDigest;
import dev.glimpse.repository.ModelFolder;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Holds what is known of a model's folder before its graph is opened.
 *
 * @param folder the model's folder
 * @param digest of the folder's files as they are now
 * @param graph the exported graph
 * @param calibration what {@code models calibrate} has written; empty if it has not, or if its file
 *     is not to be read or cannot be read
 * @param uncalibrated why its calibration cannot be read, which matters only to a classifier
 * @param vector names the tensor that enters the last linear layer, if runs have to give it, too
 * @param task what the files say about the model's task
 */
record ModelFiles(
    ModelFolder folder,
    FolderDigest digest,
    Path graph,
    Optional<CalibrationFile> calibration,
    Optional<UnservableModelException> uncalibrated,
    Optional<String> vector,
    DeclaredTask task) {

  /**
   * Finds the graph and reads the files beside it.
   *
   * @param calibrated whether to read its calibration
   * @throws UnservableModelException if there is no graph, or a file that says what the model's
   *     task is cannot be read
   */
  static ModelFiles read(ModelFolder folder, boolean calibrated) {
    FolderDigest digest = FolderDigest.of(folder);
    Path graph = folder.graph();
    Optional<CalibrationFile> calibration = Optional.empty();
    Optional<UnservableModelException> uncalibrated = Optional.empty();
    try {
      calibration = calibrated ? CalibrationFile.open(folder, graph) : Optional.empty();
    } catch (UnservableModelException e) {
      uncalibrated = Optional.of(e);
    }
    return new ModelFiles(
        folder,
        digest,
        graph,
        calibration,
        uncalibrated,
        calibration.flatMap(CalibrationFile::distance).map(DistanceTest::tensor),
        DeclaredTask.read(folder));
  }

  /** Returns the same files, of which another tensor is exposed. */
  ModelFiles exposing(String tensor) {
    return new ModelFiles(
        folder, digest, graph, calibration, uncalibrated, Optional.of(tensor), task);
  }

  /**
   * Checks what only a classifier needs.
   *
   * @throws UnservableModelException if its calibration cannot be read
   */
  void requireCalibration() {
    if (uncalibrated.isPresent()) {
      throw uncalibrated.get();
    }
  }

  /** Returns the graph's path in the folder, for messages. */
  String graphName() {
    return folder.path().relativize(graph).toString();
  }
}
