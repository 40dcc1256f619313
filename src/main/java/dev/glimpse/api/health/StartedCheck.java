package dev.glimpse.api.health;

import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;

/** Reports that the service has started once every model is loaded and warmed up. */
@Startup
@ApplicationScoped
public class StartedCheck implements AsyncHealthCheck {

  private final ServiceHealth health;

  StartedCheck(ServiceHealth health) {
    this.health = health;
  }

  @Override
  public Uni<HealthCheckResponse> call() {
    return Uni.createFrom().item(this::response);
  }

  private HealthCheckResponse response() {
    return HealthCheckResponse.named("started").status(health.modelsReady()).build();
  }
}
