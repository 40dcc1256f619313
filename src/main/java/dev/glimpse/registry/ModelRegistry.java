package dev.glimpse.registry;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.engine.Session;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.metrics.InstanceMetrics;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.model.Model;
import dev.glimpse.model.ModelLoader;
import dev.glimpse.threads.DaemonThreads;
import dev.glimpse.workers.WorkerPool;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Holds the models in service. Loads all of them when the application starts, before it opens its
 * port, and closes them when it stops. {@link ModelReloader} changes them in between.
 */
@ApplicationScoped
public class ModelRegistry {

  private static final Logger LOG = Logger.getLogger(ModelRegistry.class);

  private final ModelLoader loader;
  private final ModelValidator validator;
  private final WorkerPool workers;
  private final ServingMetrics metrics;
  private final GlimpseConfig config;
  private final UnservableModels unservable = new UnservableModels();
  private final RepositoryWarnings warnings = new RepositoryWarnings();

  private final ServingState state;

  ModelRegistry(
      ModelLoader loader,
      ModelValidator validator,
      WorkerPool workers,
      ServingMetrics metrics,
      GlimpseConfig config) {
    this.metrics = metrics;
    this.loader = loader;
    this.validator = validator;
    this.workers = workers;
    this.config = config;
    this.state = new ServingState(metrics);
  }

  void watch(@Observes StartupEvent event, InstanceMetrics instance) {
    instance.watchWorkers(workers::running, workers::waiting, workers::taken, workers::stuck);
    instance.watchUnservable(unservable::count);
  }

  void start(@Observes StartupEvent event) {
    try {
      InitialLoad first =
          new InitialLoad(loader, validator, state::served, unservable, warnings, config);
      ServedModels loaded = first.load();
      unservable.list().forEach(this::neverServed);
      state.begin(loaded, TrafficSettings.of(config));
      packLater(loaded);
    } catch (UnservableModelException e) {
      LOG.debug("The start fails because of this:", e);
      // Quarkus prints this exception's message and nothing else, and ends with status 1.
      throw new ConfigurationException(e.getMessage());
    }
  }

  /** Finishes large models in the background, as the start does not wait for it. */
  private static void packLater(ServedModels loaded) {
    List<Session> sessions =
        loaded.all().map(served -> served.model().session()).filter(Session::packsLater).toList();
    if (!sessions.isEmpty()) {
      DaemonThreads.start("packing", () -> sessions.forEach(Session::pack));
    }
  }

  /** Removes the metrics of a version that was loaded before it was rejected. */
  private void neverServed(UnservableModels.Rejected version) {
    metrics.forget(version.folder().name(), Integer.toString(version.folder().version()));
  }

  void stop(@Observes ShutdownEvent event) {
    workers.close(); // running requests still need their models
    state.end();
  }

  /** Returns whether models are loaded and warmed up. */
  public boolean ready() {
    return !state.now().isEmpty();
  }

  /** Returns the names of the models in service, sorted. */
  public List<String> names() {
    return state.now().names();
  }

  /**
   * Lends a model to be run.
   *
   * @param name its name; empty: the default model
   * @param version its version; empty: chosen by the traffic split, or else the highest
   * @param requestId with a traffic split, the same id always gets the same version
   * @throws ServingException UNKNOWN_MODEL if there is no such model; INVALID_PARAMETER if no name
   *     is given and there is no default; NOT_READY if the service is starting or stopping
   */
  public ModelLease lease(Optional<String> name, Optional<Integer> version, String requestId) {
    while (true) {
      Optional<ModelLease> lease = versions(name).choose(version, requestId).lease();
      if (lease.isPresent()) {
        return lease.get();
      }
      // It was retired in between, so the next look finds its successor or nothing.
    }
  }

  /**
   * Finds a model to describe it. It must not be run, as it may be closed at any time.
   *
   * @param name its name; empty: the default model
   * @param version its version; empty: the one with the largest share of the traffic
   * @throws ServingException UNKNOWN_MODEL, INVALID_PARAMETER or NOT_READY, for the same reasons as
   *     {@link #lease}
   */
  public Model require(Optional<String> name, Optional<Integer> version) {
    ServedVersions versions = versions(name);
    return version.map(versions::require).orElseGet(versions::usual).model();
  }

  private ServedVersions versions(Optional<String> name) {
    ServedModels served = state.now();
    if (served.isEmpty()) {
      throw new ServingException(Failure.NOT_READY, "No model is loaded; try again soon.");
    }
    return served.require(
        name.or(() -> defaultName(served))
            .orElseThrow(() ->
                ServingException.invalid(
                    "model",
                    "must name one of the models, as none of them is the default: "
                        + String.join(", ", served.names()))));
  }

  /**
   * Returns the model for requests that name none, if there is one: as configured, or the only one
   * that is served at this moment. It is the same after a restart.
   */
  public Optional<String> defaultName() {
    return defaultName(state.now());
  }

  private Optional<String> defaultName(ServedModels served) {
    return config.models().defaultName().or(served::onlyName);
  }

  /** Returns every version of every model at this moment, by name and version. */
  public List<Model> all() {
    return state.now().all().map(ServedModel::model).toList();
  }

  /**
   * Holds the versions of a model that are in service at one moment. They are to be described, not
   * run, as they may be closed at any time.
   *
   * @param versions the lowest first
   * @param traffic splits the requests that name no version; empty: the highest gets all of them
   */
  public record ModelVersions(String name, List<Model> versions, Optional<TrafficSplit> traffic) {

    private static ModelVersions of(ServedVersions versions) {
      return new ModelVersions(
          versions.name(),
          versions.all().values().stream().map(ServedModel::model).toList(),
          versions.traffic());
    }
  }

  /** Returns every model in service, by name. */
  public List<ModelVersions> served() {
    return state.now().byName().values().stream().map(ModelVersions::of).toList();
  }

  /**
   * Returns a model in service.
   *
   * @throws ServingException UNKNOWN_MODEL if there is no model of that name
   */
  public ModelVersions served(String name) {
    return ModelVersions.of(state.now().require(name));
  }

  /** Returns what cannot be served, and why. */
  UnservableModels unservable() {
    return unservable;
  }

  /** Returns what is warned of about the repository. */
  RepositoryWarnings warnings() {
    return warnings;
  }

  /** Returns the state that reloads change. */
  ServingState state() {
    return state;
  }
}
