package dev.glimpse.registry;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.failure.InterruptedStartException;
import dev.glimpse.failure.ServingException;
import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.model.Model;
import dev.glimpse.model.ModelLoader;
import dev.glimpse.repository.FolderSnapshot;
import dev.glimpse.repository.ModelFolder;
import dev.glimpse.repository.ModelRepository;
import dev.glimpse.repository.RepositoryScan;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.jboss.logging.Logger;

/**
 * Loads the whole repository when the service starts. A model that cannot be served stops the
 * start, unless the repository may change while the service runs: then a bad version must not keep
 * the good ones from being served by an instance that starts later.
 */
final class InitialLoad {

  private static final Logger LOG = Logger.getLogger(InitialLoad.class);

  private final BiFunction<ModelFolder, FolderSnapshot, Model> loading;
  private final BiFunction<Model, FolderSnapshot, ServedModel> serving;
  private final UnservableModels unservable;
  private final RepositoryWarnings warnings;
  private final GlimpseConfig config;
  private final boolean changes;
  private int refused;

  /**
   * Creates a load that has not started.
   *
   * @param validator replaces the loader if models may change at run time, so that an instance that
   *     starts later serves the same versions as one that was running
   * @param serving puts a model into service
   * @param unservable receives what cannot be served, if that does not stop the start
   */
  InitialLoad(
      ModelLoader loader,
      ModelValidator validator,
      BiFunction<Model, FolderSnapshot, ServedModel> serving,
      UnservableModels unservable,
      RepositoryWarnings warnings,
      GlimpseConfig config) {
    this.serving = serving;
    this.unservable = unservable;
    this.warnings = warnings;
    this.config = config;
    this.changes = ModelReloader.isOn(config);
    this.loading = changes ? validator::load : (folder, state) -> loader.load(folder);
  }

  /**
   * Loads the whole repository.
   *
   * @throws UnservableModelException if the service cannot start with it
   */
  ServedModels load() {
    ServedModels loaded = ServedModels.NONE;
    try {
      for (ModelFolder folder : find().models()) {
        InterruptedStartException.check();
        Optional<ServedModel> one = load(folder);
        if (one.isPresent()) {
          loaded = loaded.with(one.get());
        }
      }
      if (refused > RepositoryWarnings.MOST_LINES) {
        LOG.warnf("And %d more are not served.", refused - RepositoryWarnings.MOST_LINES);
      }
      if (loaded.isEmpty()) {
        throw unservable.asOne();
      }
      requireDefault(loaded);
      requireKnown(loaded, "batching", config.batching().keySet());
      requireKnown(loaded, "models", config.models().byName().keySet());
      return routed(loaded);
    } catch (RuntimeException e) {
      loaded.all().forEach(ServedModel::retire);
      throw e;
    }
  }

  private RepositoryScan find() {
    RepositoryScan found = RepositoryScan.of(ModelRepository.of(config.models()));
    if (!changes) {
      found.requireNames();
    }
    warnings.added(found.warnings()).forEach(LOG::warn);
    return found;
  }

  private Optional<ServedModel> load(ModelFolder folder) {
    FolderSnapshot state = FolderSnapshot.UNWATCHED;
    try {
      state = changes ? FolderSnapshot.of(folder) : state;
      return Optional.of(serving.apply(loading.apply(folder, state), state));
    } catch (UnservableModelException e) {
      if (!changes) {
        throw e;
      }
      if (++refused <= RepositoryWarnings.MOST_LINES) {
        LOG.warnf("%s/%d is not served. %s", folder.name(), folder.version(), e.getMessage());
      }
      unservable.add(folder, state, e);
      return Optional.empty();
    }
  }

  private ServedModels routed(ServedModels loaded) {
    ServedModels routed = loaded;
    for (var traffic : TrafficSettings.of(config).byModel().entrySet()) {
      if (loaded.byName().containsKey(traffic.getKey())) {
        routed = routed.with(routed(traffic.getKey(), traffic.getValue(), loaded));
      }
    }
    return routed;
  }

  private static ServedVersions routed(String name, TrafficSplit traffic, ServedModels loaded) {
    try {
      return loaded.require(name).routed(traffic);
    } catch (ServingException e) {
      throw new UnservableModelException(
          "glimpse.models.%s.traffic is \"%s\". %s".formatted(name, traffic, e.detail()));
    }
  }

  /** Reports settings for unknown models, because a mistyped name would have no effect. */
  private void requireKnown(ServedModels loaded, String setting, Set<String> names) {
    for (String name : names) {
      if (!loaded.byName().containsKey(name)) {
        String sentence =
            "glimpse.%s.%s is set, and the repository holds %s; name one of them."
                .formatted(setting, name, String.join(", ", loaded.names()));
        if (!changes) {
          throw new UnservableModelException(sentence);
        }
        LOG.warn(sentence); // the model may be added later
      }
    }
  }

  /** Reports a default that is not in the repository. */
  private void requireDefault(ServedModels loaded) {
    String name = config.models().defaultName().orElse(null);
    if (name != null && !loaded.byName().containsKey(name)) {
      throw new UnservableModelException(
          "glimpse.models.default is \"%s\", and the repository holds %s; name one of them."
              .formatted(name, String.join(", ", loaded.names())));
    }
  }
}
