package dev.glimpse.registry;

import dev.glimpse.failure.ServingException;
import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.model.Model;
import dev.glimpse.repository.FolderSnapshot;
import dev.glimpse.repository.ModelFolder;
import dev.glimpse.repository.ModelRepository;
import dev.glimpse.repository.RepositoryScan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jboss.logging.Logger;

/**
 * Polls the repository for changes by listing its folders, as network file systems send no
 * notifications. A changed folder is loaded only if it is the same in two polls in a row, because
 * it may still be being copied.
 */
final class RepositoryPoller implements Runnable {

  private static final Logger LOG = Logger.getLogger(RepositoryPoller.class);

  private static final String STAYS = "The models in service stay as they are. ";

  private final ModelRepository repository;
  private final ModelRegistry models;
  private final BiConsumer<ModelFolder, FolderSnapshot> swapIn;

  /** Folders that the last poll found changed. */
  private final Map<ModelFolder, FolderSnapshot> changed = new HashMap<>();

  /** Models in service that the last poll found missing. */
  private final Set<ServedModel> missing = new HashSet<>();

  /**
   * Creates a poller that has not polled yet.
   *
   * @param swapIn puts a version into service if it is valid
   */
  RepositoryPoller(
      ModelRepository repository,
      ModelRegistry models,
      BiConsumer<ModelFolder, FolderSnapshot> swapIn) {
    this.repository = repository;
    this.models = models;
    this.swapIn = swapIn;
  }

  /** Polls once. Never throws, as that would end the timer. */
  @Override
  public void run() {
    try {
      models.warnings().added(scan()).forEach(LOG::warn);
    } catch (ServingException e) {
      LOG.debug("The service is stopping:", e);
    } catch (RuntimeException | Error e) {
      LOG.error("Unexpected error while polling the repository:", e);
    }
  }

  /** Polls, and returns warnings of what was ignored or could not be listed. */
  private List<String> scan() {
    RepositoryScan found;
    try {
      found = RepositoryScan.of(repository);
    } catch (UnservableModelException e) {
      return List.of(STAYS + e.getMessage());
    }
    changed.keySet().removeIf(folder -> !found.mayHold(folder));
    models.unservable().retain(found);
    List<String> warnings = new ArrayList<>(found.warnings());
    for (ModelFolder folder : found.models()) {
      try {
        reload(folder);
      } catch (UnservableModelException e) { // the other folders are polled all the same
        warnings.add(STAYS + e.getMessage());
      }
    }
    unloadMissing(found);
    return warnings;
  }

  /** Reloads a version whose files have changed, once two polls have found the same files. */
  private void reload(ModelFolder folder) {
    FolderSnapshot state = FolderSnapshot.of(folder);
    boolean settled =
        models.unservable().holds(folder, state) || models.state().now().holds(folder, state);
    if (settled) {
      changed.remove(folder);
    } else if (state.equals(changed.put(folder, state))) {
      changed.remove(folder);
      swapIn.accept(folder, state);
    }
  }

  private void unloadMissing(RepositoryScan found) {
    List<ServedModel> gone =
        models
            .state()
            .now()
            .all()
            .filter(served -> !found.mayHold(served.model().name(), served.model().version()))
            .toList();
    gone.stream().filter(missing::contains).map(ServedModel::model).forEach(this::unload);
    missing.clear();
    missing.addAll(gone);
  }

  private void unload(Model model) {
    try {
      models.state().remove(model.name(), model.version());
      LOG.infof(
          "%s/%d was removed from the repository and is no longer in service",
          model.name(), model.version());
    } catch (ServingException e) {
      LOG.debugf(
          "%s/%d was removed from the repository but stays in service: %s",
          model.name(), model.version(), e.detail());
    }
  }
}
