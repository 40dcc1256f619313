package dev.glimpse.api.triton;

import dev.glimpse.api.tensorjson.VersionParameter;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.model.Model;
import dev.glimpse.registry.ModelRegistry;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;

/**
 * Serves Triton's <a
 * href="https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_statistics.md">statistics
 * extension</a>, from the meters that Prometheus reads, too.
 */
@Path("/v2")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "open inference")
public class StatisticsResource {

  private final ModelRegistry models;
  private final ServingMetrics metrics;

  StatisticsResource(ModelRegistry models, ServingMetrics metrics) {
    this.models = models;
    this.metrics = metrics;
  }

  @GET
  @Path("/models/stats")
  @Operation(
      operationId = "statistics",
      summary = "Says how many requests each version of each model had, and how long they took")
  @APIResponse(responseCode = "200", description = "Every version, by name and version")
  public ModelStatistics all() {
    return of(models.all());
  }

  @GET
  @Path("/models/{model}/stats")
  @Operation(
      operationId = "modelStatistics",
      summary = "Says how many requests each version of a model had, and how long they took")
  @APIResponse(responseCode = "200", description = "Its versions, the lowest first")
  @APIResponse(responseCode = "404", ref = "NoSuchModel")
  public ModelStatistics model(
      @Parameter(description = "The model's name") @RestPath String model) {
    return of(models.served(model).versions());
  }

  @GET
  @Path("/models/{model}/versions/{version}/stats")
  @Operation(
      operationId = "modelVersionStatistics",
      summary = "Says how many requests a version of a model had, and how long they took")
  @APIResponse(responseCode = "200", description = "The version")
  @APIResponse(responseCode = "400", ref = "MalformedVersion")
  @APIResponse(responseCode = "404", ref = "NoSuchVersion")
  public ModelStatistics modelVersion(
      @Parameter(description = "The model's name") @RestPath String model,
      @Parameter(description = "The version's number") @RestPath String version) {
    return of(
        List.of(models.require(Optional.of(model), Optional.of(VersionParameter.number(version)))));
  }

  private ModelStatistics of(List<Model> versions) {
    return new ModelStatistics(
        versions.stream()
            .map(model ->
                ModelStatistics.Version.of(
                    model.name(),
                    model.versionName(),
                    metrics.statistics(model.name(), model.versionName())))
            .toList());
  }
}
