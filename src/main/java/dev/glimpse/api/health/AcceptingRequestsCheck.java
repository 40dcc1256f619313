package dev.glimpse.api.health;

import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Reports readiness while the service is not stopping. A separate check, so that a service that
 * drains after SIGTERM does not look like one whose models are broken.
 */
@Readiness
@ApplicationScoped
public class AcceptingRequestsCheck implements AsyncHealthCheck {

  private final ServiceHealth health;

  AcceptingRequestsCheck(ServiceHealth health) {
    this.health = health;
  }

  @Override
  public Uni<HealthCheckResponse> call() {
    return Uni.createFrom().item(this::response);
  }

  private HealthCheckResponse response() {
    boolean draining = health.draining();
    return HealthCheckResponse.named("accepting-requests")
        .status(!draining)
        .withData("state", draining ? "draining" : "serving")
        .build();
  }
}
