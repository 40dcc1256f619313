package dev.glimpse.api.compat;

import dev.glimpse.api.health.ServiceHealth;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** Serves {@code /ping}, the readiness probe of TorchServe, DJL Serving and SageMaker. */
@Path("/ping")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "dialects")
public class PingResource {

  private final ServiceHealth health;

  PingResource(ServiceHealth health) {
    this.health = health;
  }

  /** Whether images are classified now. */
  @Schema(
      description = "Whether images are classified now, in TorchServe's words",
      requiredProperties = "status")
  public record Ping(
      @Schema(description = "Healthy or Unhealthy", examples = "Healthy") String status) {}

  @GET
  @Operation(operationId = "ping", summary = "Says whether images are classified now")
  @APIResponse(responseCode = "200", description = "They are")
  @APIResponse(
      responseCode = "503",
      description = "They are not: starting, or stopping",
      content = @Content(schema = @Schema(implementation = Ping.class)))
  public RestResponse<Ping> ping() {
    boolean up = health.ready();
    return RestResponse.status(
        up ? RestResponse.Status.OK : RestResponse.Status.SERVICE_UNAVAILABLE,
        new Ping(up ? "Healthy" : "Unhealthy"));
  }

  @POST
  @Operation(operationId = "pingPosted", summary = "The same, as some ask it")
  @APIResponse(responseCode = "200", description = "They are")
  @APIResponse(
      responseCode = "503",
      description = "They are not: starting, or stopping",
      content = @Content(schema = @Schema(implementation = Ping.class)))
  public RestResponse<Ping> pingPosted() {
    return ping();
  }
}
