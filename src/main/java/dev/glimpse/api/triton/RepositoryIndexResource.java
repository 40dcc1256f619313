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
 * The door {@code POST /v2/repository/index} of the <a
 * href="https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_model_repository.md">model
 * repository extension</a>: what is served, and what is not and why.
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

  /** A version of a model, and how it is. */
  @Schema(
      description = "A version of a model, and how it is",
      requiredProperties = {"name", "version", "state", "reason"})
  public record IndexEntry(
      @Schema(description = "The model's name", examples = "flowers") String name,
      @Schema(description = "The version's number", examples = "1") String version,
      @Schema(description = "READY if it answers, or else UNAVAILABLE", examples = "READY")
          String state,
      @Schema(description = "Why it is so; empty if it is ready", examples = "") String reason) {

    private static IndexEntry of(Model model) {
      return new IndexEntry(model.name(), model.versionName(), "READY", "");
    }

    private static IndexEntry of(ModelReloader.Unavailable version) {
      return new IndexEntry(
          version.name(), Integer.toString(version.version()), "UNAVAILABLE", version.reason());
    }
  }

  /** What of the repository is wanted. */
  @Schema(description = "What of the repository is wanted")
  record IndexRequest(
      @Schema(description = "Whether only what is ready is; left out, all is", examples = "true")
          boolean ready) {}

  @POST
  @Path("/repository/index")
  @Operation(
      operationId = "repositoryIndex",
      summary = "Lists every version of every model in the repository",
      description =
          "A version that was served before, and is not good in its new form, may be listed twice:"
              + " as READY in its old form, which goes on, and as UNAVAILABLE in its new.")
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
      description = "By name and version",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = IndexEntry[].class)))
  public CompletionStage<List<IndexEntry>> index(@Context RoutingContext context) {
    return reader.read(context).thenApply(body -> entries(body.readyOnly()));
  }

  private List<IndexEntry> entries(boolean readyOnly) {
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
