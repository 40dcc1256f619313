package dev.glimpse.registry;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.model.Model;
import dev.glimpse.model.ModelLoader;
import dev.glimpse.workers.WorkerPool;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Every model that is served. Loads and warms up all of them when the application starts, which
 * opens its port only after that; closes all of them when it stops. What changes meanwhile is
 * {@link ModelReloader}'s affair.
 */
@ApplicationScoped
public class ModelRegistry {

  private static final Logger LOG = Logger.getLogger(ModelRegistry.class);

  private final ModelLoader loader;
  private final ModelValidator vetting;
  private final WorkerPool workers;
  private final ServingMetrics metrics;
  private final GlimpseConfig config;
  private final UnservableModels rejections = new UnservableModels();

  private final ServingState swap;

  private volatile @Nullable String defaultName;

  ModelRegistry(
      ModelLoader loader,
      ModelValidator vetting,
      WorkerPool workers,
      ServingMetrics metrics,
      GlimpseConfig config) {
    this.metrics = metrics;
    this.loader = loader;
    this.vetting = vetting;
    this.workers = workers;
    this.config = config;
    this.swap = new ServingState(metrics);
  }

  void start(@Observes StartupEvent event) {
    metrics.watch(workers::running, workers::waiting, workers::taken, workers::stuck);
    try {
      InitialLoad first = new InitialLoad(loader, vetting, swap::served, rejections, config);
      ServedModels loaded = first.load();
      rejections.list().forEach(this::neverServed);
      defaultName = first.defaultName(loaded);
      swap.begin(loaded, TrafficSettings.of(config));
    } catch (UnservableModelException e) {
      LOG.debug("The start fails because of this:", e);
      // Quarkus prints this exception's message and nothing else, and ends with status 1.
      throw new ConfigurationException(e.getMessage());
    }
  }

  /** It may have been loaded before something was found to be wrong. */
  private void neverServed(UnservableModels.Rejected version) {
    metrics.forget(version.folder().name(), Integer.toString(version.folder().version()));
  }

  void stop(@Observes ShutdownEvent event) {
    workers.close(); // what is under way still needs its model
    swap.end();
  }

  /** Whether models are loaded and warmed up. */
  public boolean ready() {
    return !swap.now().isEmpty();
  }

  /** The names of the models that are served, sorted. */
  public List<String> names() {
    return swap.now().names();
  }

  /**
   * Lends a model to be run.
   *
   * @param name its name; empty: the default model
   * @param version its version; empty: the one that its traffic is for, or else the highest
   * @param requestId where traffic is shared, the same id always gets the same version
   * @throws ServingException UNKNOWN_MODEL if there is none such; INVALID_PARAMETER if no name is
   *     given and there is no default; NOT_READY if the service is starting or stopping
   */
  public ModelLease lease(Optional<String> name, Optional<Integer> version, String requestId) {
    while (true) {
      Optional<ModelLease> lease = versions(name).choose(version, requestId).lease();
      if (lease.isPresent()) {
        return lease.get();
      }
      // Retired since we saw it; so there is another in its place by now, or none.
    }
  }

  /**
   * Finds a model, for what is known of it; it may be closed at any time.
   *
   * @param name its name; empty: the default model
   * @param version its version; empty: the one that most of its traffic is for
   * @throws ServingException as above
   */
  public Model require(Optional<String> name, Optional<Integer> version) {
    ServedVersions versions = versions(name);
    return version.map(versions::require).orElseGet(versions::usual).model();
  }

  private ServedVersions versions(Optional<String> name) {
    ServedModels served = swap.now();
    if (served.isEmpty()) {
      throw new ServingException(Failure.NOT_READY, "No model is loaded; try again soon.");
    }
    String wanted = name.orElse(defaultName);
    if (wanted == null) {
      throw ServingException.invalid(
          "model", "must name one of the models: " + String.join(", ", served.names()));
    }
    return served.require(wanted);
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
    return swap.now().require(name).all().values().stream().map(ServedModel::model).toList();
  }

  /** Every version of every model as it is at this moment, by name and version. */
  public List<Model> all() {
    return swap.now().all().map(ServedModel::model).toList();
  }

  /**
   * A model that is served, as it is at one moment.
   *
   * @param versions the lowest first
   * @param traffic how the requests are shared out that name no version; empty: the highest has all
   */
  public record Offer(String name, List<Model> versions, Optional<TrafficSplit> traffic) {

    private static Offer of(ServedVersions versions) {
      return new Offer(
          versions.name(),
          versions.all().values().stream().map(ServedModel::model).toList(),
          versions.traffic());
    }
  }

  /** Every model that is served, by name. */
  public List<Offer> offers() {
    return swap.now().byName().values().stream().map(Offer::of).toList();
  }

  /**
   * A model that is served.
   *
   * @throws ServingException UNKNOWN_MODEL if there is none of that name
   */
  public Offer offer(String name) {
    return Offer.of(swap.now().require(name));
  }

  /** What could not be served, and why. */
  UnservableModels rejections() {
    return rejections;
  }

  /** What is served, to be changed. */
  ServingState swap() {
    return swap;
  }
}
