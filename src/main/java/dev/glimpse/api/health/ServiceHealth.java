package dev.glimpse.api.health;

import dev.glimpse.api.http.GracefulShutdown;
import dev.glimpse.metrics.InstanceMetrics;
import dev.glimpse.registry.ModelRegistry;
import dev.glimpse.workers.WorkerPool;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** Defines, for all probes and protocols, when the service is ready and when it is alive. */
@ApplicationScoped
public class ServiceHealth {

  private final ModelRegistry models;
  private final WorkerPool workers;
  private final GracefulShutdown shutdown;

  ServiceHealth(ModelRegistry models, WorkerPool workers, GracefulShutdown shutdown) {
    this.models = models;
    this.workers = workers;
    this.shutdown = shutdown;
  }

  void start(@Observes StartupEvent event, InstanceMetrics metrics) {
    metrics.watchReady(this::ready);
  }

  /** Returns whether all models are loaded and warmed up, and the service is not stopping. */
  public boolean ready() {
    return modelsReady() && !draining();
  }

  /** Returns whether all models are loaded and warmed up. */
  boolean modelsReady() {
    return models.ready();
  }

  /** Returns whether the service is stopping. */
  boolean draining() {
    return shutdown.draining();
  }

  /** Returns whether the workers work; if not, the platform has to restart the service. */
  public boolean live() {
    return workers.healthy();
  }
}
