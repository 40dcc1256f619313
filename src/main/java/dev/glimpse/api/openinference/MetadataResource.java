package dev.glimpse.api.openinference;

import dev.glimpse.api.tensorjson.VersionParameter;
import dev.glimpse.registry.ModelRegistry;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;

/** Serves {@code GET /v2} and {@code GET /v2/models/{model}}: metadata of server and models. */
@Path("/v2")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "open inference")
public class MetadataResource {

  private final ModelRegistry models;
  private final ServerMetadata server;

  MetadataResource(
      ModelRegistry models,
      @ConfigProperty(name = "quarkus.application.name") String name,
      @ConfigProperty(name = "quarkus.application.version") String version) {
    this.models = models;
    this.server =
        new ServerMetadata(
            name,
            version,
            List.of(
                "binary_tensor_data", "classification", "model_repository", "model_configuration"));
  }

  /** Describes the server. */
  @Schema(
      description = "What this server is",
      requiredProperties = {"name", "version", "extensions"})
  public record ServerMetadata(
      @Schema(description = "Its name", examples = "glimpse") String name,
      @Schema(description = "Its version", examples = "1.0.0") String version,
      @Schema(description = "What it can beyond the protocol", examples = "[\"classification\"]")
          List<String> extensions) {}

  /** Whether a model is ready. */
  @Schema(
      description = "Whether a model is ready",
      requiredProperties = {"name", "ready"})
  public record ModelReady(
      @Schema(description = "The model's name", examples = "flowers") String name,
      @Schema(description = "Whether it answers now", examples = "true") boolean ready) {}

  @GET
  @Operation(operationId = "serverMetadata", summary = "Says what this server is")
  @APIResponse(responseCode = "200", description = "What it is")
  public ServerMetadata server() {
    return server;
  }

  @GET
  @Path("/models/{model}")
  @Operation(operationId = "modelMetadata", summary = "Says what a model takes and gives")
  @APIResponse(responseCode = "200", description = "The model's highest version")
  @APIResponse(responseCode = "404", ref = "NoSuchModel")
  public ModelMetadata model(@Parameter(description = "The model's name") @RestPath String model) {
    return metadata(model, Optional.empty());
  }

  @GET
  @Path("/models/{model}/versions/{version}")
  @Operation(
      operationId = "modelVersionMetadata",
      summary = "Says what a version of a model takes and gives")
  @APIResponse(responseCode = "200", description = "The version")
  @APIResponse(responseCode = "400", ref = "MalformedVersion")
  @APIResponse(responseCode = "404", ref = "NoSuchVersion")
  public ModelMetadata modelVersion(
      @Parameter(description = "The model's name") @RestPath String model,
      @Parameter(description = "The version's number") @RestPath String version) {
    return metadata(model, Optional.of(VersionParameter.number(version)));
  }

  @GET
  @Path("/models/{model}/ready")
  @Operation(operationId = "modelReady", summary = "Says whether a model is ready")
  @APIResponse(responseCode = "200", description = "It is")
  @APIResponse(responseCode = "404", ref = "NoSuchModel")
  public ModelReady ready(@Parameter(description = "The model's name") @RestPath String model) {
    return ready(model, Optional.empty());
  }

  @GET
  @Path("/models/{model}/versions/{version}/ready")
  @Operation(
      operationId = "modelVersionReady",
      summary = "Says whether a version of a model is ready")
  @APIResponse(responseCode = "200", description = "It is")
  @APIResponse(responseCode = "400", ref = "MalformedVersion")
  @APIResponse(responseCode = "404", ref = "NoSuchVersion")
  public ModelReady versionReady(
      @Parameter(description = "The model's name") @RestPath String model,
      @Parameter(description = "The version's number") @RestPath String version) {
    return ready(model, Optional.of(VersionParameter.number(version)));
  }

  private ModelMetadata metadata(String name, Optional<Integer> version) {
    return ModelMetadata.of(
        models.require(Optional.of(name), version), models.served(name).versions());
  }

  /** What is served is ready; what is not yet is not known. */
  private ModelReady ready(String name, Optional<Integer> version) {
    return new ModelReady(models.require(Optional.of(name), version).name(), true);
  }
}
