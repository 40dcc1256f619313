package dev.glimpse.openinference;

import dev.glimpse.http.BodyReader;
import dev.glimpse.http.RequestDeadline;
import dev.glimpse.model.Model;
import dev.glimpse.model.ModelRegistry;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.concurrent.CompletionStage;
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
 * repository extension</a>: what is served.
 */
@Path("/v2")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "open inference")
public class RepositoryResource {

  private final ModelRegistry models;
  private final RequestDeadline deadline;
  private final BodyReader reader;

  RepositoryResource(ModelRegistry models, RequestDeadline deadline, BodyReader reader) {
    this.models = models;
    this.deadline = deadline;
    this.reader = reader;
  }

  /** A version of a model, and how it is. */
  @Schema(
      description = "A version of a model, and how it is",
      requiredProperties = {"name", "version", "state", "reason"})
  public record IndexEntry(
      @Schema(description = "The model's name", examples = "flowers") String name,
      @Schema(description = "The version's number", examples = "1") String version,
      @Schema(description = "READY, as only what answers is here", examples = "READY") String state,
      @Schema(description = "Why it is so; empty if it is ready", examples = "") String reason) {}

  /** What of the repository is wanted. */
  @Schema(description = "What of the repository is wanted")
  record IndexRequest(
      @Schema(description = "Whether only what is ready is; all is", examples = "true")
          boolean ready) {}

  @POST
  @Path("/repository/index")
  @Operation(
      operationId = "repositoryIndex",
      summary = "Lists every version of every model that is served")
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
    // Whatever the body says: all that is here is ready.
    return reader.read(context, deadline.of(context.request())).thenApply(body -> entries());
  }

  private List<IndexEntry> entries() {
    return models.names().stream()
        .flatMap(name -> models.versions(name).stream())
        .map(RepositoryResource::entry)
        .toList();
  }

  private static IndexEntry entry(Model model) {
    return new IndexEntry(model.name(), Integer.toString(model.version()), "READY", "");
  }
}
