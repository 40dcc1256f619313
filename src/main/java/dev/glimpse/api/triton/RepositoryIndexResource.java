package dev.glimpse.api.triton;

import dev.glimpse.model.Model;
import dev.glimpse.registry.ModelRegistry;
import dev.glimpse.registry.ModelReloader;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/**
 * Serves {@code POST /v2/repository/index} of the <a
 * href="https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_model_repository.md">model
 * repository extension</a>: lists the versions that are served, and those that are not, with the
 * reason.
 */
@Path("/v2")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "open inference")
public class RepositoryIndexResource {

  private final ModelRegistry models;
  private final ModelReloader control;
  private final ControlBodyReader reader;

  RepositoryIndexResource(ModelRegistry models, ModelReloader control, ControlBodyReader reader) {
    this.models = models;
    this.control = control;
    this.reader = reader;
  }

  /** Describes a version of a model and its state. */
  @Schema(
      description = "A version of a model and its state",
      requiredProperties = {"name", "version", "state", "reason"})
  public record IndexEntry(
      @Schema(description = "The model's name", examples = "flowers") String name,
      @Schema(description = "The version's number", examples = "1") String version,
      @Schema(description = "READY if it is served, otherwise UNAVAILABLE", examples = "READY")
          String state,
      @Schema(description = "Why it is unavailable; empty if it is ready", examples = "")
          String reason) {

    private static IndexEntry of(Model model) {
      return new IndexEntry(model.name(), model.versionName(), "READY", "");
    }

    private static IndexEntry of(ModelReloader.Unavailable version) {
      return new IndexEntry(
          version.name(), Integer.toString(version.version()), "UNAVAILABLE", version.reason());
    }
  }

  /** Says which versions to list. */
  @Schema(description = "Which versions to list")
  record IndexRequest(
      @Schema(
              description = "Whether to list only versions that are ready; left out, all",
              examples = "true")
          boolean ready) {}

  @POST
  @Path("/repository/index")
  @Operation(
      operationId = "repositoryIndex",
      summary = "Lists every version of every model in the repository",
      description =
          "A version whose files have changed and fail their checks may be listed twice: as READY"
              + " with the old files, which are still served, and as UNAVAILABLE with the new.")
  @RequestBody(
      description = "May be left out",
      required = false,
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = IndexRequest.class),
              examples = @ExampleObject(name = "ready", value = "{\"ready\": true}")))
  @APIResponse(
      responseCode = "200",
      description = "The versions, sorted by name and version",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = IndexEntry[].class)))
  public CompletionStage<List<IndexEntry>> index(@Context RoutingContext context) {
    return reader.read(context).thenApply(body -> entries(body.readyOnly()));
  }

  /**
   * Lists the versions, sorted by name and version.
   *
   * @param readyOnly whether to leave those out that are not served
   */
  public List<IndexEntry> entries(boolean readyOnly) {
    Stream<IndexEntry> ready = models.all().stream().map(IndexEntry::of);
    Stream<IndexEntry> others =
        readyOnly ? Stream.of() : control.unavailable().stream().map(IndexEntry::of);
    return Stream.concat(ready, others)
        .sorted(
            Comparator.comparing(IndexEntry::name)
                .thenComparingInt(entry -> Integer.parseInt(entry.version())))
        .toList();
  }
}
