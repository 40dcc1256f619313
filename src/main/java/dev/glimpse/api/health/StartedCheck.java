package dev.glimpse.api.health;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;

/** Started: every model is loaded and warmed up. */
@Startup
@ApplicationScoped
public class StartedCheck implements HealthCheck {

  private final ServiceHealth health;

  StartedCheck(ServiceHealth health) {
    this.health = health;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("started").status(health.modelsReady()).build();
  }
}
