package dev.glimpse.health;

import dev.glimpse.batch.WorkerPool;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/**
 * Alive: the workers take tasks. Says nothing of models, or the platform would kill a service that
 * is only loading.
 */
@Liveness
@ApplicationScoped
public class WorkersLiveCheck implements HealthCheck {

  private final WorkerPool workers;

  WorkersLiveCheck(WorkerPool workers) {
    this.workers = workers;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("workers")
        .status(workers.alive())
        .withData("count", workers.workers())
        .build();
  }
}
