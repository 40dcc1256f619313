package dev.glimpse.model;

import dev.glimpse.failure.ServingException;
import dev.glimpse.failure.UnservableModelException;
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
final class RepositoryPoll implements Runnable {

  private static final Logger LOG = Logger.getLogger(RepositoryPoll.class);

  private final Path repository;
  private final ModelRegistry models;
  private final BiConsumer<ModelFolder, FolderState> swapIn;

  /** What was seen at the last look, and is not served so. */
  private final Map<ModelFolder, FolderState> changed = new HashMap<>();

  /** What was missing at the last look, and is served. */
  private final Set<ServedModel> missing = new HashSet<>();

  private String lastTrouble = "";

  /**
   * Looks at nothing yet.
   *
   * @param swapIn puts a version into service, if it is good
   */
  RepositoryPoll(
      Path repository, ModelRegistry models, BiConsumer<ModelFolder, FolderState> swapIn) {
    this.repository = repository;
    this.models = models;
    this.swapIn = swapIn;
  }

  /** Never throws, as a timer would not come again. */
  @Override
  public void run() {
    try {
      String trouble = look();
      if (!trouble.isEmpty() && !trouble.equals(lastTrouble)) { // once, and not at every look
        LOG.warnf("What is served stays as it is. %s", trouble);
      }
      lastTrouble = trouble;
    } catch (ServingException e) {
      LOG.debug("The service is stopping:", e);
    } catch (RuntimeException | Error e) {
      LOG.error("A fault of ours, while looking at the repository:", e);
    }
  }

  /** What could not be looked at, in sentences. */
  private String look() {
    List<ModelFolder> folders;
    try {
      folders = ModelFolder.findAll(repository);
    } catch (UnservableModelException e) {
      return String.valueOf(e.getMessage());
    }
    changed.keySet().retainAll(folders);
    models.rejections().retain(folders);
    List<String> troubles = new ArrayList<>();
    for (ModelFolder folder : folders) {
      try {
        look(folder);
      } catch (UnservableModelException e) { // the others are looked at all the same
        troubles.add(String.valueOf(e.getMessage()));
      }
    }
    unloadMissing(folders);
    return String.join(" ", troubles);
  }

  private void look(ModelFolder folder) {
    FolderState state = FolderState.of(folder);
    boolean settled =
        models.rejections().holds(folder, state) || models.swap().now().holds(folder, state);
    if (settled) {
      changed.remove(folder);
    } else if (state.equals(changed.put(folder, state))) {
      changed.remove(folder);
      swapIn.accept(folder, state);
    }
  }

  private void unloadMissing(List<ModelFolder> folders) {
    List<ServedModel> gone =
        models
            .swap()
            .now()
            .all()
            .filter(served -> folders.stream().noneMatch(served::isOf))
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
