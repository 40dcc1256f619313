package dev.glimpse.registry;

import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.repository.FolderSnapshot;
import dev.glimpse.repository.ModelFolder;
import dev.glimpse.repository.RepositoryScan;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Records what in the repository cannot be served, and why. Thread-safe. */
final class UnservableModels {

  private static final String UNLOADED = "unloaded";

  private final Map<ModelFolder, Rejected> all = new ConcurrentHashMap<>();

  /**
   * Records one version.
   *
   * @param state what its folder held; if that changes, another attempt is worthwhile
   * @param reason a sentence without the folder's path
   */
  record Rejected(ModelFolder folder, FolderSnapshot state, String reason) {

    private boolean unloaded() {
      return reason.equals(UNLOADED);
    }
  }

  void add(ModelFolder folder, FolderSnapshot state, UnservableModelException why) {
    all.put(folder, new Rejected(folder, state, why.reason()));
  }

  /** Records a version that a request took out of service. */
  void unloaded(ModelFolder folder, FolderSnapshot state) {
    all.put(folder, new Rejected(folder, state, UNLOADED));
  }

  void remove(ModelFolder folder) {
    all.remove(folder);
  }

  /** Forgets versions that are no longer in the repository. */
  void retain(RepositoryScan found) {
    all.keySet().removeIf(folder -> !found.mayHold(folder));
  }

  /** Forgets versions of one model that are no longer in the repository. */
  void retain(String name, List<ModelFolder> folders) {
    all.keySet().removeIf(folder -> folder.name().equals(name) && !folders.contains(folder));
  }

  /** Returns whether this state of a folder was rejected before. */
  boolean holds(ModelFolder folder, FolderSnapshot state) {
    return Optional.ofNullable(all.get(folder))
        .filter(rejected -> rejected.state.equals(state))
        .isPresent();
  }

  /** Lists all records by name and version. */
  List<Rejected> list() {
    return all.values().stream()
        .sorted(
            Comparator.comparing((Rejected rejected) -> rejected.folder.name())
                .thenComparingInt(rejected -> rejected.folder.version()))
        .toList();
  }

  /** Counts the versions that cannot be served, without those that a request took out. */
  int count() {
    return (int) all.values().stream().filter(rejected -> !rejected.unloaded()).count();
  }

  /** Returns one error that names all versions and their reasons. */
  UnservableModelException asOne() {
    return new UnservableModelException(
        "No model in the repository can be served: "
            + String.join(
                " ",
                RepositoryWarnings.firstOf(
                    list().stream()
                        .map(rejected ->
                            "%s/%d: %s"
                                .formatted(
                                    rejected.folder.name(),
                                    rejected.folder.version(),
                                    rejected.reason))
                        .toList())));
  }
}
