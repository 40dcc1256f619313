package dev.glimpse.api.triton;

import dev.glimpse.api.tensorjson.VersionParameter;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.registry.ModelRegistry;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;

/**
 * Serves {@code GET /v2/models/{model}/config} of Triton's <a
 * href="https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_model_configuration.md">model
 * configuration extension</a>, which its image clients request first.
 */
@Path("/v2") // as the other resources, or this one would hide their paths below /v2
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "open inference")
public class ConfigurationResource {

  private final ModelRegistry models;
  private final int maxImages;

  ConfigurationResource(ModelRegistry models, GlimpseConfig config) {
    this.models = models;
    this.maxImages = config.batch().maxImages();
  }

  @GET
  @Path("/models/{model}/config")
  @Operation(
      operationId = "modelConfig",
      summary = "Says what a model takes and gives, as Triton's configuration does")
  @APIResponse(responseCode = "200", description = "The model's highest version")
  @APIResponse(responseCode = "404", ref = "NoSuchModel")
  public ModelConfiguration model(
      @Parameter(description = "The model's name") @RestPath String model) {
    return configuration(model, Optional.empty());
  }

  @GET
  @Path("/models/{model}/versions/{version}/config")
  @Operation(
      operationId = "modelVersionConfig",
      summary = "Says what a version of a model takes and gives, as Triton's configuration does")
  @APIResponse(responseCode = "200", description = "The version")
  @APIResponse(responseCode = "400", ref = "MalformedVersion")
  @APIResponse(responseCode = "404", ref = "NoSuchVersion")
  public ModelConfiguration modelVersion(
      @Parameter(description = "The model's name") @RestPath String model,
      @Parameter(description = "The version's number") @RestPath String version) {
    return configuration(model, Optional.of(VersionParameter.number(version)));
  }

  private ModelConfiguration configuration(String model, Optional<Integer> version) {
    return ModelConfiguration.of(models.require(Optional.of(model), version), maxImages);
  }
}
