package dev.glimpse.api.health;

import dev.glimpse.Classifier;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.model.ModelLoader;
import dev.glimpse.registry.ModelRegistry;
import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Reports readiness once every model is loaded and warmed up, also while the service is stopping.
 */
@Readiness
@ApplicationScoped
public class ModelsReadyCheck implements AsyncHealthCheck {

  private final ModelRegistry models;
  private final Classifier classifier;
  private final ServiceHealth health;
  private final GlimpseConfig config;

  ModelsReadyCheck(
      ModelRegistry models, Classifier classifier, ServiceHealth health, GlimpseConfig config) {
    this.models = models;
    this.classifier = classifier;
    this.health = health;
    this.config = config;
  }

  @Override
  public Uni<HealthCheckResponse> call() {
    return Uni.createFrom().item(this::response);
  }

  private HealthCheckResponse response() {
    return HealthCheckResponse.named("models")
        .status(health.modelsReady())
        .withData("served", String.join(", ", models.names()))
        .withData("jpeg", classifier.jpegDecoder())
        .withData("pixels", ModelLoader.pixelCode(config))
        .build();
  }
}
