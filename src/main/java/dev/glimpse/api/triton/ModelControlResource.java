package dev.glimpse.api.triton;

import dev.glimpse.api.http.AdminToken;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.registry.ModelReloader;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SecuritySchemeType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.security.SecurityScheme;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/**
 * Serves {@code POST /v2/repository/models/{model}/load} and {@code unload} of the <a
 * href="https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_model_repository.md">model
 * repository extension</a>, for callers that have the admin token.
 */
@Path("/v2/repository/models/{model}")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "open inference")
@SecurityScheme(
    securitySchemeName = ModelControlResource.SECURITY,
    type = SecuritySchemeType.HTTP,
    scheme = "bearer",
    description = "The token that glimpse.admin.token sets")
@SecurityRequirement(name = ModelControlResource.SECURITY)
public class ModelControlResource {

  static final String SECURITY = "admin";

  private static final String VERSION = "version";
  private static final String TRAFFIC = "traffic";

  /** Triton's clients always send it; it has no effect, as no model depends on another. */
  private static final String DEPENDENTS = "unload_dependents";

  private final ModelReloader control;
  private final AdminToken token;
  private final ControlBodyReader reader;
  private final boolean on;

  ModelControlResource(
      ModelReloader control, AdminToken token, ControlBodyReader reader, GlimpseConfig config) {
    this.control = control;
    this.token = token;
    this.reader = reader;
    this.on = config.repository().control();
  }

  /** What to load. */
  @Schema(description = "What to load")
  record LoadRequest(
      @Schema(description = "May be left out") @Nullable LoadParameters parameters) {}

  /** What to load of a model. */
  @Schema(description = "What to load of a model")
  record LoadParameters(
      @Schema(
              description =
                  "Load this version, even if it is already served unchanged; left out, load every"
                      + " version that is new or changed, or of these the ones that \"traffic\""
                      + " names",
              examples = "2")
          @Nullable String version,
      @Schema(
              description =
                  "The weights of the versions that then answer requests without a version",
              examples = "1:90,2:10")
          @Nullable String traffic) {}

  /** What to unload. */
  @Schema(description = "What to unload")
  record UnloadRequest(
      @Schema(description = "May be left out") @Nullable UnloadParameters parameters) {}

  /** What to unload of a model. */
  @Schema(description = "What to unload of a model")
  record UnloadParameters(
      @Schema(description = "Unload only this version; left out, all of them", examples = "2")
          @Nullable String version,
      @Schema(description = "Ignored, as no model depends on another")
          @Nullable Boolean unload_dependents) {}

  @POST
  @Path("/load")
  @Operation(
      operationId = "loadModel",
      summary = "Loads a model's versions from the repository",
      description =
          "Responds when every version is loaded, checked and served. A version that fails its"
              + " checks replaces nothing: what was served before goes on being served. To go back"
              + " to version 1, give it all of the traffic: {\"parameters\": {\"traffic\":"
              + " \"1\"}}.")
  @RequestBody(
      description = "May be left out",
      required = false,
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = LoadRequest.class),
              examples =
                  @ExampleObject(
                      name = "canary",
                      value = "{\"parameters\": {\"traffic\": \"1:90,2:10\"}}")))
  @APIResponse(responseCode = "200", description = "The model is served")
  public CompletionStage<Map<String, String>> load(
      @Parameter(description = "The model's name") @RestPath String model,
      @Context RoutingContext context) {
    return change(
        context,
        List.of(VERSION, TRAFFIC),
        body -> control.load(model, body.version(), body.traffic()));
  }

  @POST
  @Path("/unload")
  @Operation(
      operationId = "unloadModel",
      summary = "Takes a model out of service",
      description = "Requests that already use it are finished. The repository is not changed.")
  @RequestBody(
      description = "May be left out",
      required = false,
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = UnloadRequest.class),
              examples =
                  @ExampleObject(
                      name = "version",
                      value = "{\"parameters\": {\"version\": \"2\"}}")))
  @APIResponse(responseCode = "200", description = "The model is no longer served")
  public CompletionStage<Map<String, String>> unload(
      @Parameter(description = "The model's name") @RestPath String model,
      @Context RoutingContext context) {
    return change(
        context, List.of(VERSION, DEPENDENTS), body -> control.unload(model, body.version()));
  }

  /**
   * Checks that a request may change what is served.
   *
   * @throws ServingException FORBIDDEN or UNAUTHORIZED
   */
  public void requireAllowed(RoutingContext context) {
    if (!on) {
      throw new ServingException(
          Failure.FORBIDDEN, "This endpoint is disabled: glimpse.repository.control is false.");
    }
    token.require(context);
  }

  private CompletionStage<Map<String, String>> change(
      RoutingContext context,
      List<String> parameters,
      Function<ControlBody, CompletionStage<Void>> change) {
    try {
      requireAllowed(context);
    } catch (ServingException e) {
      return reader.refuse(context, e);
    }
    return reader
        .read(context)
        .thenCompose(body -> change.apply(body.requireOnly(parameters)))
        .thenApply(done -> Map.of());
  }
}
