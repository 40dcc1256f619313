package dev.glimpse.model;

import dev.glimpse.batch.WorkerPool;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.metrics.ServingMetrics;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Every model that is served. Loads and warms up all of them when the application starts, which
 * opens its port only after that; closes all of them when it stops.
 */
@ApplicationScoped
public class ModelRegistry {

  private static final Logger LOG = Logger.getLogger(ModelRegistry.class);

  private final ModelLoader loader;
  private final WorkerPool workers;
  private final ServingMetrics metrics;
  private final GlimpseConfig.Models config;
  private final Set<String> batching;

  /** By name, then by version. Swapped whole, never changed. */
  private volatile Map<String, NavigableMap<Integer, Model>> models = Map.of();

  private volatile @Nullable String defaultName;

  ModelRegistry(
      ModelLoader loader, WorkerPool workers, ServingMetrics metrics, GlimpseConfig config) {
    this.metrics = metrics;
    this.loader = loader;
    this.workers = workers;
    this.config = config.models();
    this.batching = config.batching().keySet();
  }

  void start(@Observes StartupEvent event) {
    metrics.watch(workers::running, workers::waiting, workers::taken, workers::stuck);
    try {
      load();
    } catch (UnservableModelException e) {
      LOG.debug("The start fails because of this:", e);
      // Quarkus prints this exception's message and nothing else, and ends with status 1.
      throw new ConfigurationException(e.getMessage());
    }
  }

  void stop(@Observes ShutdownEvent event) {
    workers.close(); // what is under way still needs its model
    Map<String, NavigableMap<Integer, Model>> closing = models;
    models = Map.of();
    if (workers.running() > 0) {
      return; // closing a graph that still runs would crash the process, which is ending anyway
    }
    closing.values().forEach(versions -> versions.values().forEach(Model::close));
  }

  /** Whether models are loaded and warmed up. */
  public boolean ready() {
    return !models.isEmpty();
  }

  /** The names of the models that are served, sorted. */
  public List<String> names() {
    return models.keySet().stream().sorted().toList();
  }

  /**
   * Finds a model.
   *
   * @param name its name; empty: the default model
   * @param version its version; empty: the highest
   * @throws ServingException UNKNOWN_MODEL if there is none such; INVALID_PARAMETER if no name is
   *     given and there is no default; NOT_READY if the service is starting or stopping
   */
  public Model require(Optional<String> name, Optional<Integer> version) {
    Map<String, NavigableMap<Integer, Model>> served = models;
    if (served.isEmpty()) {
      throw new ServingException(Failure.NOT_READY, "No model is loaded; try again soon.");
    }
    String wanted = name.orElse(defaultName);
    if (wanted == null) {
      throw ServingException.invalid(
          "model", "must name one of the models: " + String.join(", ", names()));
    }
    NavigableMap<Integer, Model> versions = versions(served, wanted);
    Model model = version.map(versions::get).orElse(null);
    if (version.isEmpty()) {
      return versions.lastEntry().getValue();
    }
    if (model == null) {
      throw new ServingException(
          Failure.UNKNOWN_MODEL,
          "The model \"%s\" has no version %d. Served: %s."
              .formatted(
                  wanted,
                  version.get(),
                  versions.keySet().stream()
                      .map(String::valueOf)
                      .collect(Collectors.joining(", "))));
    }
    return model;
  }

  /** The model that answers a request that names none, if there is one. */
  public Optional<String> defaultName() {
    return Optional.ofNullable(defaultName);
  }

  /**
   * Every version of a model, the lowest first.
   *
   * @throws ServingException UNKNOWN_MODEL if there is none of that name
   */
  public List<Model> versions(String name) {
    return List.copyOf(versions(models, name).values());
  }

  private static NavigableMap<Integer, Model> versions(
      Map<String, NavigableMap<Integer, Model>> served, String name) {
    NavigableMap<Integer, Model> versions = served.get(name);
    if (versions == null) {
      throw new ServingException(
          Failure.UNKNOWN_MODEL,
          "There is no model \""
              + name
              + "\". Served: "
              + String.join(", ", served.keySet().stream().sorted().toList())
              + ".");
    }
    return versions;
  }

  private void load() {
    Map<String, NavigableMap<Integer, Model>> loaded = new TreeMap<>();
    try {
      for (ModelFolder folder : ModelFolder.findAll(config.path())) {
        loaded
            .computeIfAbsent(folder.name(), name -> new TreeMap<>())
            .put(folder.version(), loader.load(folder));
      }
      defaultName = defaultName(loaded);
      requireKnown(loaded.keySet());
    } catch (RuntimeException e) {
      loaded.values().forEach(versions -> versions.values().forEach(Model::close));
      throw e;
    }
    models = Map.copyOf(loaded);
  }

  private void requireKnown(Set<String> loaded) {
    for (String name : batching) {
      if (!loaded.contains(name)) {
        throw new UnservableModelException(
            "glimpse.batching.%s is set, and the repository holds %s; name one of them."
                .formatted(name, String.join(", ", loaded)));
      }
    }
  }

  private @Nullable String defaultName(Map<String, ?> loaded) {
    if (config.defaultName().isEmpty()) {
      return loaded.size() == 1 ? loaded.keySet().iterator().next() : null;
    }
    String name = config.defaultName().get();
    if (!loaded.containsKey(name)) {
      throw new UnservableModelException(
          "glimpse.models.default is \"%s\", and the repository holds %s; name one of them."
              .formatted(name, String.join(", ", loaded.keySet())));
    }
    return name;
  }
}
