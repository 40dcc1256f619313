package dev.glimpse.api.health;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.glimpse.registry.ModelRegistry;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** Serves {@code GET /health}, for people and simple clients; probes use {@code /q/health}. */
@Path("/health")
@Tag(name = "health", description = "Whether the service is there")
public class HealthResource {

  private final ModelRegistry models;
  private final ServiceHealth health;

  HealthResource(ModelRegistry models, ServiceHealth health) {
    this.models = models;
    this.health = health;
  }

  /** Whether images are classified now. */
  @Schema(
      description = "Whether images are classified now",
      requiredProperties = {"status", "model_loaded", "models"})
  public record Health(
      @Schema(description = "UP or DOWN", examples = "UP") String status,
      @JsonProperty("model_loaded")
          @Schema(description = "Whether the models are loaded and warmed up", examples = "true")
          boolean modelLoaded,
      @Schema(description = "The models that are served", examples = "[\"flowers\"]")
          List<String> models) {}

  @GET
  @Produces(MediaType.APPLICATION_JSON)
  @Operation(operationId = "health", summary = "Tells whether images are classified now")
  @APIResponse(responseCode = "200", description = "They are")
  @APIResponse(
      responseCode = "503",
      description = "They are not: starting, or stopping",
      content = @Content(schema = @Schema(implementation = Health.class)))
  public RestResponse<Health> health() {
    boolean up = health.ready();
    return RestResponse.status(
        up ? RestResponse.Status.OK : RestResponse.Status.SERVICE_UNAVAILABLE,
        new Health(up ? "UP" : "DOWN", models.ready(), models.names()));
  }
}
