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

/** Looks at what has come of a model, as soon as that tells something: before more is paid for. */
final class DownloadCheck {

  /**
   * The fields of a <a
   * href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">ModelProto</a>, 1 to 8 and 14, as
   * the first byte has them; it nearly always is the first.
   */
  private static final String GRAPHS_BEGIN_WITH = "\b\u0012\u001a\"(2:Br";

  private final PullRequest order;
  private final Path files;
  private final ModelFolder folder;

  /**
   * Looks at nothing yet.
   *
   * @param files where they come to
   */
  DownloadCheck(PullRequest order, Path files) {
    this.order = order;
    this.files = files;
    this.folder = new ModelFolder(order.name(), 1, files);
  }

  /**
   * The files that say what a graph takes and answers, while it is still to come.
   *
   * @throws FetchException if the model would not be served because of them
   */
  void beforeGraph() {
    List<RemoteFile> graphs = order.graphs();
    require(
        ModelSummary.problemBesideGraph(folder),
        graphs.size() == 1
            ? " Its graph comes without them by its address: models pull " + graphs.get(0).address()
            : "");
  }

  /**
   * A file that has come.
   *
   * @throws FetchException if it should be a graph and is not: a page that asks for a login, a
   *     pointer into Git LFS, a picture; or if it is one, and does not work without a file that is
   *     not fetched with it
   */
  void arrived(RemoteFile file) throws IOException {
    if (!file.isGraph()) {
      return;
    }
    try (InputStream bytes = Files.newInputStream(files.resolve(file.path()))) {
      if (GRAPHS_BEGIN_WITH.indexOf(bytes.read()) < 0) {
        throw noGraph(file);
      }
    }
    Set<String> missing;
    try {
      missing = ExternalWeightFiles.of(folder, file.path());
    } catch (UnservableModelException e) {
      throw noGraph(file);
    }
    order.files().forEach(other -> missing.remove(other.path()));
    if (!missing.isEmpty()) {
      throw new FetchException(
          "%s has weights in %s, which did not come with it, and cannot be loaded without: a catalogue of your own can list all of the files (--catalogue)."
              .formatted(file.address(), String.join(", ", missing)));
    }
  }

  private static FetchException noGraph(RemoteFile file) {
    return new FetchException("What came from %s is no ONNX graph.".formatted(file.address()));
  }

  /**
   * The model, when all of it is here.
   *
   * @throws FetchException if it would not be served
   */
  void whole() {
    require(ModelSummary.of(folder).problem(), "");
  }

  private void require(Optional<String> problem, String advice) {
    if (problem.isPresent()) {
      String words = problem.get().replace(files.toString(), order.name());
      throw new FetchException(
          "What came from %s is not served. %s%s".formatted(order.source(), words, advice));
    }
  }
}
