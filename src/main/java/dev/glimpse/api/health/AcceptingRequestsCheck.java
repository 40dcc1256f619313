package dev.glimpse.api.health;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready: the service is not stopping. Has a check of its own, so that a service that drains after
 * SIGTERM does not look like one whose models are broken.
 */
@Readiness
@ApplicationScoped
public class AcceptingRequestsCheck implements HealthCheck {

  private final ServiceHealth health;

  AcceptingRequestsCheck(ServiceHealth health) {
    this.health = health;
  }

  @Override
  public HealthCheckResponse call() {
    boolean draining = health.draining();
    return HealthCheckResponse.named("accepting-requests")
        .status(!draining)
        .withData("state", draining ? "draining" : "serving")
        .build();
  }
}
