package dev.glimpse.api.health;

import dev.glimpse.workers.WorkerPool;
import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/**
 * Reports that the service is alive while every worker lives and none has run one task for longer
 * than {@code glimpse.workers.stuck-after}. A worker that has died is replaced; one that hangs in
 * native code cannot be, so the platform has to restart the service. Does not depend on models, or
 * the platform would kill a service that is only loading.
 */
@Liveness
@ApplicationScoped
public class WorkersLiveCheck implements AsyncHealthCheck {

  private final WorkerPool workers;

  WorkersLiveCheck(WorkerPool workers) {
    this.workers = workers;
  }

  @Override
  public Uni<HealthCheckResponse> call() {
    return Uni.createFrom().item(this::response);
  }

  private HealthCheckResponse response() {
    return HealthCheckResponse.named("workers")
        .status(workers.healthy())
        .withData("count", workers.workers())
        .withData("stuck", workers.stuck())
        .build();
  }
}
