package dev.glimpse.api.compat;

import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/**
 * The door {@code POST /invocations}: what <a
 * href="https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html">SageMaker</a>
 * passes on to a container; {@code /ping} is {@link PingResource}'s.
 */
@Path("/invocations")
@Tag(name = "dialects")
public class SageMakerResource {

  private final ImageRequestHandler pictures;

  SageMakerResource(ImageRequestHandler pictures) {
    this.pictures = pictures;
  }

  @POST
  @Consumes(MediaType.WILDCARD)
  @Produces(MediaType.APPLICATION_JSON)
  @Operation(
      operationId = "classifySageMaker",
      summary = "Tells what is in a picture, behind SageMaker")
  @RequestBody(
      description = "The picture",
      required = true,
      content = {
        @Content(
            mediaType = MediaType.APPLICATION_OCTET_STREAM,
            schema = @Schema(type = SchemaType.STRING, format = "binary")),
        @Content(
            mediaType = MediaType.APPLICATION_JSON,
            schema = @Schema(implementation = ImageRequest.class),
            examples = @ExampleObject(name = "red", value = ImageRequest.EXAMPLE))
      })
  @APIResponse(
      responseCode = "200",
      description = "What the picture may show, best first",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = LabelScore[].class),
              examples = @ExampleObject(name = "daisy", value = LabelScore.EXAMPLE)))
  public CompletionStage<List<LabelScore>> classify(@Context RoutingContext context) {
    return pictures.ask(context, Optional.empty(), Optional.empty()).thenApply(LabelScore::of);
  }
}
