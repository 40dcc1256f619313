package dev.glimpse.api.openinference;

import dev.glimpse.api.health.ServiceHealth;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** Serves {@code GET /v2/health/live} and {@code ready}, with the results of the probes. */
@Path("/v2")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "open inference")
public class V2HealthResource {

  private final ServiceHealth health;

  V2HealthResource(ServiceHealth health) {
    this.health = health;
  }

  /** Whether the server works. */
  @Schema(description = "Whether the server works", requiredProperties = "live")
  public record ServerLive(
      @Schema(description = "Whether it does", examples = "true") boolean live) {}

  /** Whether the server answers. */
  @Schema(description = "Whether the server answers", requiredProperties = "ready")
  public record ServerReady(
      @Schema(description = "Whether it does", examples = "true") boolean ready) {}

  @GET
  @Path("/health/live")
  @Operation(operationId = "serverLive", summary = "Says whether the server works")
  @APIResponse(responseCode = "200", description = "It does")
  @APIResponse(
      responseCode = "503",
      description = "It does not, and has to be started anew",
      content = @Content(schema = @Schema(implementation = ServerLive.class)))
  public RestResponse<ServerLive> live() {
    boolean live = health.live();
    return RestResponse.status(status(live), new ServerLive(live));
  }

  @GET
  @Path("/health/ready")
  @Operation(operationId = "serverReady", summary = "Says whether the server answers")
  @APIResponse(responseCode = "200", description = "It does")
  @APIResponse(
      responseCode = "503",
      description = "It does not: starting, or stopping",
      content = @Content(schema = @Schema(implementation = ServerReady.class)))
  public RestResponse<ServerReady> ready() {
    boolean ready = health.ready();
    return RestResponse.status(status(ready), new ServerReady(ready));
  }

  private static RestResponse.Status status(boolean good) {
    return good ? RestResponse.Status.OK : RestResponse.Status.SERVICE_UNAVAILABLE;
  }
}
