package dev.glimpse.registry;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.model.Model;
import dev.glimpse.repository.FolderSnapshot;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Holds the models in service and replaces them atomically; replaced models are retired afterwards.
 * Thread-safe.
 */
final class ServingState {

  private static final Logger LOG = Logger.getLogger(ServingState.class);

  private final ServingMetrics metrics;

  /** Written under this object's lock; read without. */
  private volatile ServedModels models = ServedModels.NONE;

  /** Guarded by this, like {@link #stopped}. */
  private TrafficSettings traffic = TrafficSettings.NONE;

  private boolean stopped;

  /** Creates a state with no models. */
  ServingState(ServingMetrics metrics) {
    this.metrics = metrics;
  }

  /** Returns the models in service at this moment. */
  ServedModels now() {
    return models;
  }

  /** Sets the models with which the service starts. */
  synchronized void begin(ServedModels first, TrafficSettings settings) {
    models = first;
    traffic = settings;
  }

  /** Takes all models out of service; those in use stay open until they are released. */
  void end() {
    ServedModels closing;
    synchronized (this) {
      stopped = true;
      closing = models;
      models = ServedModels.NONE;
    }
    closing.all().forEach(ServedModel::retire);
  }

  /**
   * Puts a model into service, and retires the same version if it was in service.
   *
   * @throws ServingException NOT_READY if the service has stopped; the model is closed then
   */
  synchronized void put(Model model, FolderSnapshot state) {
    if (stopped) {
      model.close();
      throw new ServingException(Failure.NOT_READY, "The service is stopping.");
    }
    Optional<ServedModel> before = models.find(model.name(), model.version());
    ServedModels more = models.with(served(model, state));
    models = more.with(traffic.routed(more.require(model.name())));
    metrics.remember(model.name(), model.versionName());
    before.ifPresent(ServedModel::retire);
  }

  /**
   * Takes a version out of service; it is closed when the last request that uses it is done.
   *
   * @throws ServingException UNKNOWN_MODEL if it is not in service; INVALID_PARAMETER if it has a
   *     share of the traffic and other versions stay
   */
  synchronized void remove(String name, int version) {
    ServedVersions versions = models.require(name);
    ServedModel gone = versions.require(version);
    if (versions.all().size() > 1 && versions.hasShare(version)) {
      throw ServingException.invalid(
          "version",
          "%d has a share of the traffic (%s); name another in \"traffic\" first"
              .formatted(version, versions.traffic().orElseThrow()));
    }
    models = models.without(name, version);
    gone.retire();
  }

  /**
   * Takes all versions of a model out of service; each is closed when its last request is done.
   *
   * @throws ServingException UNKNOWN_MODEL if it is not in service
   */
  synchronized void remove(String name) {
    ServedVersions gone = models.require(name);
    models = models.without(name);
    gone.all().values().forEach(ServedModel::retire);
  }

  /**
   * Splits the requests for a model that name no version.
   *
   * @throws ServingException UNKNOWN_MODEL if the model, or one of the versions, is not served
   */
  synchronized void route(String name, TrafficSplit traffic) {
    models = models.with(models.require(name).routed(traffic));
  }

  ServedModel served(Model model, FolderSnapshot state) {
    return new ServedModel(model, state, this::closed);
  }

  private synchronized void closed(Model model) {
    if (stopped) {
      return;
    }
    forgetUnlessServed(model.name(), model.version());
    LOG.infof("%s/%d is closed", model.name(), model.version());
  }

  /**
   * Removes the metrics of a version that is not in service, such as those that a failed load left.
   * Keeps all of them once the service has stopped, for the last time that they are read.
   */
  synchronized void forgetUnlessServed(String name, int version) {
    if (!stopped && models.find(name, version).isEmpty()) {
      metrics.forget(name, Integer.toString(version));
    }
  }
}
