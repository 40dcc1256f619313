package dev.glimpse.registry;

import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.repository.FolderSnapshot;
import dev.glimpse.repository.ModelFolder;
import dev.glimpse.repository.RepositoryScan;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What in the repository is not served, and why. Any thread may ask. */
public final class UnservableModels {

  private final Map<ModelFolder, Rejected> all = new ConcurrentHashMap<>();

  /** Guarded by this. */
  private Set<String> said = Set.of();

  /**
   * One of them.
   *
   * @param state what its folder held; in any other, it is worth another try
   * @param reason a sentence without the folder's path
   */
  record Rejected(ModelFolder folder, FolderSnapshot state, String reason) {}

  void add(ModelFolder folder, FolderSnapshot state, UnservableModelException why) {
    all.put(folder, new Rejected(folder, state, why.reason()));
  }

  /** Taken out of service by whoever may. */
  void unloaded(ModelFolder folder, FolderSnapshot state) {
    all.put(folder, new Rejected(folder, state, "unloaded"));
  }

  void remove(ModelFolder folder) {
    all.remove(folder);
  }

  /** Forgets what is not in the repository any more. */
  void retain(RepositoryScan found) {
    all.keySet().removeIf(folder -> !found.mayHold(folder));
  }

  /** As above, of one model. */
  void retain(String name, List<ModelFolder> folders) {
    all.keySet().removeIf(folder -> folder.name().equals(name) && !folders.contains(folder));
  }

  /**
   * Of what is wrong with the repository as a whole, that which was not so at the last look: it is
   * said once, and not at every look.
   *
   * @param now sentences for the log
   */
  public synchronized List<String> unsaid(List<String> now) {
    List<String> unsaid = now.stream().filter(sentence -> !said.contains(sentence)).toList();
    said = Set.copyOf(now);
    return unsaid;
  }

  /** Whether there is no point in another try. */
  boolean holds(ModelFolder folder, FolderSnapshot state) {
    return Optional.ofNullable(all.get(folder))
        .filter(rejected -> rejected.state.equals(state))
        .isPresent();
  }

  /** By name and version. */
  List<Rejected> list() {
    return all.values().stream()
        .sorted(
            Comparator.comparing((Rejected rejected) -> rejected.folder.name())
                .thenComparingInt(rejected -> rejected.folder.version()))
        .toList();
  }

  /** All of them in a sentence. */
  UnservableModelException asOne() {
    return new UnservableModelException(
        "No model of the repository can be served: "
            + String.join(
                " ",
                list().stream()
                    .map(rejected ->
                        "%s/%d: %s"
                            .formatted(
                                rejected.folder.name(), rejected.folder.version(), rejected.reason))
                    .toList()));
  }
}
