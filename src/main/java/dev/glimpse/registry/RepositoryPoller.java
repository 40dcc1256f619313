package dev.glimpse.registry;

import dev.glimpse.failure.ServingException;
import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.model.Model;
import dev.glimpse.repository.FolderSnapshot;
import dev.glimpse.repository.ModelFolder;
import dev.glimpse.repository.RepositoryScan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jboss.logging.Logger;

/**
 * A look at the repository, again and again: folders are listed, as no file system of a network
 * tells of changes. What has changed is loaded only when it has not changed any more since the last
 * look, because somebody may still be copying it.
 */
final class RepositoryPoller implements Runnable {

  private static final Logger LOG = Logger.getLogger(RepositoryPoller.class);

  private static final String STAYS = "What is served stays as it is. ";

  private final Path repository;
  private final ModelRegistry models;
  private final BiConsumer<ModelFolder, FolderSnapshot> swapIn;

  /** What was seen at the last look, and is not served so. */
  private final Map<ModelFolder, FolderSnapshot> changed = new HashMap<>();

  /** What was missing at the last look, and is served. */
  private final Set<ServedModel> missing = new HashSet<>();

  /**
   * Looks at nothing yet.
   *
   * @param swapIn puts a version into service, if it is good
   */
  RepositoryPoller(
      Path repository, ModelRegistry models, BiConsumer<ModelFolder, FolderSnapshot> swapIn) {
    this.repository = repository;
    this.models = models;
    this.swapIn = swapIn;
  }

  /** Never throws, as a timer would not come again. */
  @Override
  public void run() {
    try {
      models.rejections().unsaid(look()).forEach(LOG::warn);
    } catch (ServingException e) {
      LOG.debug("The service is stopping:", e);
    } catch (RuntimeException | Error e) {
      LOG.error("A fault of ours, while looking at the repository:", e);
    }
  }

  /** What could not be looked at, and what was passed over, in sentences. */
  private List<String> look() {
    RepositoryScan found;
    try {
      found = RepositoryScan.of(repository);
    } catch (UnservableModelException e) {
      return List.of(STAYS + e.getMessage());
    }
    changed.keySet().removeIf(folder -> !found.mayHold(folder));
    models.rejections().retain(found);
    List<String> troubles = new ArrayList<>(found.passedOver());
    for (ModelFolder folder : found.models()) {
      try {
        look(folder);
      } catch (UnservableModelException e) { // the others are looked at all the same
        troubles.add(STAYS + e.getMessage());
      }
    }
    unloadMissing(found);
    return troubles;
  }

  private void look(ModelFolder folder) {
    FolderSnapshot state = FolderSnapshot.of(folder);
    boolean settled =
        models.rejections().holds(folder, state) || models.swap().now().holds(folder, state);
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
            .swap()
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
      models.swap().remove(model.name(), model.version());
      LOG.infof("%s/%d is gone, and not served any more", model.name(), model.version());
    } catch (ServingException e) {
      LOG.debugf("%s/%d is gone, and stays: %s", model.name(), model.version(), e.detail());
    }
  }
}
