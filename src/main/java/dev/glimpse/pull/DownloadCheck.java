package dev.glimpse.pull;

import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.recipe.ModelSummary;
import dev.glimpse.repository.ExternalWeightFiles;
import dev.glimpse.repository.ModelFolder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Checks the files of a model as they arrive, so that a model that would not be served is rejected
 * before its large files are downloaded.
 */
final class DownloadCheck {

  /**
   * The fields of a <a
   * href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">ModelProto</a>, 1 to 8 and 14, as
   * tags in the first byte. Nearly every graph begins with field 1.
   */
  private static final String GRAPHS_BEGIN_WITH = "\b\u0012\u001a\"(2:Br";

  private final PullRequest request;
  private final Path files;
  private final ModelFolder folder;

  /**
   * Creates the check of one model.
   *
   * @param files the folder that they are downloaded to
   */
  DownloadCheck(PullRequest request, Path files) {
    this.request = request;
    this.files = files;
    this.folder = new ModelFolder(request.name(), 1, files);
  }

  /**
   * Checks the files that describe the graph, before the graph is downloaded.
   *
   * @throws FetchException if the model would not be served because of them
   */
  void beforeGraph() {
    List<RemoteFile> graphs = request.graphs();
    require(
        ModelSummary.problemBesideGraph(folder),
        graphs.size() == 1
            ? " To fetch its graph without them: models pull " + graphs.get(0).address()
            : "");
  }

  /**
   * Checks a file that has been downloaded.
   *
   * @throws FetchException if it should be a graph and is not (a login page, a Git LFS pointer, an
   *     image), or if it is a graph whose external weights are not downloaded with it
   */
  void afterFile(RemoteFile file) throws IOException {
    if (!file.isGraph()) {
      return;
    }
    try (InputStream bytes = Files.newInputStream(files.resolve(file.path()))) {
      if (GRAPHS_BEGIN_WITH.indexOf(bytes.read()) < 0) {
        throw notAGraph(file);
      }
    }
    Set<String> missing;
    try {
      missing = ExternalWeightFiles.of(folder, file.path());
    } catch (UnservableModelException e) {
      throw notAGraph(file);
    }
    request.files().forEach(other -> missing.remove(other.path()));
    if (!missing.isEmpty()) {
      throw new FetchException(
          "%s keeps its weights in %s, which is not downloaded with it, so it cannot be loaded: list all of the files in a catalogue of your own (--catalogue)."
              .formatted(file.address(), String.join(", ", missing)));
    }
  }

  private static FetchException notAGraph(RemoteFile file) {
    return new FetchException(
        "What %s sent is not an ONNX graph; check the address.".formatted(file.address()));
  }

  /**
   * Checks the model once all of its files have been downloaded.
   *
   * @throws FetchException if it would not be served
   */
  void afterAll() {
    require(ModelSummary.of(folder).problem(), "");
  }

  private void require(Optional<String> problem, String advice) {
    if (problem.isPresent()) {
      String sentence = problem.get().replace(files.toString(), request.name());
      throw new FetchException(
          "The model from %s cannot be served. %s%s".formatted(request.source(), sentence, advice));
    }
  }
}
