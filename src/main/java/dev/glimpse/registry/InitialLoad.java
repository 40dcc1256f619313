package dev.glimpse.registry;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.failure.ServingException;
import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.model.Model;
import dev.glimpse.model.ModelLoader;
import dev.glimpse.repository.FolderSnapshot;
import dev.glimpse.repository.ModelFolder;
import dev.glimpse.repository.RepositoryScan;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What is loaded when the service starts: the whole repository. What cannot be served stops the
 * start; unless the repository may change while the service runs, as then a bad version must not
 * keep a good one from being served by a replica that starts late.
 */
final class InitialLoad {

  private static final Logger LOG = Logger.getLogger(InitialLoad.class);

  private final BiFunction<ModelFolder, FolderSnapshot, Model> loading;
  private final BiFunction<Model, FolderSnapshot, ServedModel> serving;
  private final UnservableModels rejections;
  private final GlimpseConfig config;
  private final boolean changes;

  /**
   * Loads nothing yet.
   *
   * @param vetting takes the place of the loader if what is served may change: whoever starts late
   *     is to serve what those do that have been there
   * @param serving puts a model into service
   * @param rejections hears of what cannot be served, if that does not stop the start
   */
  InitialLoad(
      ModelLoader loader,
      ModelValidator vetting,
      BiFunction<Model, FolderSnapshot, ServedModel> serving,
      UnservableModels rejections,
      GlimpseConfig config) {
    this.serving = serving;
    this.rejections = rejections;
    this.config = config;
    this.changes = ModelReloader.isOn(config);
    this.loading = changes ? vetting::load : (folder, state) -> loader.load(folder);
  }

  /**
   * Loads all there is.
   *
   * @throws UnservableModelException if the service cannot start with it
   */
  ServedModels load() {
    ServedModels loaded = ServedModels.NONE;
    try {
      for (ModelFolder folder : find().models()) {
        Optional<ServedModel> one = load(folder);
        if (one.isPresent()) {
          loaded = loaded.with(one.get());
        }
      }
      if (loaded.isEmpty()) {
        throw rejections.asOne();
      }
      defaultName(loaded);
      requireKnown(loaded, "batching", config.batching().keySet());
      requireKnown(loaded, "models", config.models().byName().keySet());
      return routed(loaded);
    } catch (RuntimeException e) {
      loaded.all().forEach(ServedModel::retire);
      throw e;
    }
  }

  private RepositoryScan find() {
    RepositoryScan found = RepositoryScan.of(config.models().path());
    if (!changes) {
      found.requireNames();
    }
    rejections.unsaid(found.passedOver()).forEach(LOG::warn);
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
      LOG.warnf("%s/%d is not served. %s", folder.name(), folder.version(), e.getMessage());
      rejections.add(folder, state, e);
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

  /** A mistyped name would be passed over in silence. */
  private void requireKnown(ServedModels loaded, String setting, Set<String> names) {
    for (String name : names) {
      if (!loaded.byName().containsKey(name)) {
        String sentence =
            "glimpse.%s.%s is set, and the repository holds %s; name one of them."
                .formatted(setting, name, String.join(", ", loaded.names()));
        if (!changes) {
          throw new UnservableModelException(sentence);
        }
        LOG.warn(sentence); // it may come yet
      }
    }
  }

  /**
   * The model that answers a request that names none; null if there is none.
   *
   * @throws UnservableModelException if the one that is set is not there
   */
  @Nullable String defaultName(ServedModels loaded) {
    Optional<String> name = config.models().defaultName();
    if (name.isEmpty()) {
      return loaded.names().size() == 1 ? loaded.names().get(0) : null;
    }
    if (!loaded.byName().containsKey(name.get())) {
      throw new UnservableModelException(
          "glimpse.models.default is \"%s\", and the repository holds %s; name one of them."
              .formatted(name.get(), String.join(", ", loaded.names())));
    }
    return name.get();
  }
}
