package dev.glimpse.api.predict;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.glimpse.api.problem.Problem;
import dev.glimpse.model.Model;
import dev.glimpse.registry.ModelRegistry;
import dev.glimpse.registry.ModelRegistry.ModelVersions;
import dev.glimpse.registry.TrafficSplit;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Serves {@code GET /models}: lists and describes the models. */
@Path("/models")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "models", description = "The models that are served")
public class ModelsResource {

  private final ModelRegistry models;

  ModelsResource(ModelRegistry models) {
    this.models = models;
  }

  /** Lists every model that is served. */
  @Schema(description = "Every model that is served", requiredProperties = "models")
  public record ModelList(@Schema(description = "Sorted by name") List<ModelDescription> models) {}

  /** Describes a model that is served. */
  @Schema(
      description = "A model that is served",
      requiredProperties = {"name", "default", "versions"})
  public record ModelDescription(
      @Schema(description = "The name that requests use", examples = "flowers") String name,
      @Schema(description = "Whether it serves requests that name no model")
          @JsonProperty("default")
          boolean isDefault,
      @Schema(
              description =
                  "Which versions answer a request that names none, with their weights; left out if"
                      + " the highest does",
              examples = "1:90,2:10")
          @JsonInclude(JsonInclude.Include.NON_NULL)
          @Nullable String traffic,
      @Schema(description = "Its versions, the lowest first") List<Version> versions) {}

  /** Describes a version of a model. */
  @Schema(
      description = "A version of a model",
      requiredProperties = {"version", "classes", "languages", "input", "output"})
  public record Version(
      @Schema(description = "Its number", examples = "1") String version,
      @Schema(
              description = "How many classes it distinguishes; 0 if it takes no images",
              examples = "5")
          int classes,
      @Schema(description = "The languages it has labels in", examples = "[\"en\", \"zh\"]")
          List<String> languages,
      @Schema(
              description = "The input of its graph, or its inputs",
              examples = "pixel_values float[?,3,160,160]")
          String input,
      @Schema(
              description = "The output of its graph, or its outputs",
              examples = "logits float[?,5]")
          String output) {}

  @GET
  @Operation(operationId = "listModels", summary = "Lists the models that are served")
  @APIResponse(responseCode = "200", description = "Every model that is served")
  public ModelList list() {
    return new ModelList(models.served().stream().map(this::describe).toList());
  }

  @GET
  @Path("/{name}")
  @Operation(operationId = "describeModel", summary = "Describes a model")
  @APIResponse(responseCode = "200", description = "The model")
  @APIResponse(
      responseCode = "404",
      description = "There is no such model",
      content =
          @Content(
              mediaType = Problem.MEDIA_TYPE,
              schema = @Schema(implementation = Problem.class)))
  public ModelDescription describe(
      @Parameter(description = "The model's name") @org.jboss.resteasy.reactive.RestPath
          String name) {
    return describe(models.served(name));
  }

  private ModelDescription describe(ModelVersions model) {
    return new ModelDescription(
        model.name(),
        models.defaultName().equals(Optional.of(model.name())),
        model.traffic().map(TrafficSplit::toString).orElse(null),
        model.versions().stream().map(ModelsResource::version).toList());
  }

  private static Version version(Model model) {
    return new Version(
        model.versionName(),
        model.classificationTask().map(task -> task.labels().count()).orElse(0),
        model
            .classificationTask()
            .map(task -> List.copyOf(task.labels().languages()))
            .orElse(List.of()),
        model.describeInputs(),
        model.describeOutputs());
  }
}
