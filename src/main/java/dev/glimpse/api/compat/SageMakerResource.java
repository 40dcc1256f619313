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
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/**
 * Serves {@code POST /invocations}: what <a
 * href="https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html">SageMaker</a>
 * passes on to a container; {@code /ping} is {@link PingResource}'s.
 */
@Path("/invocations")
@Tag(name = "dialects")
public class SageMakerResource {

  private final ImageRequestHandler images;

  SageMakerResource(ImageRequestHandler images) {
    this.images = images;
  }

  @POST
  @Consumes(MediaType.WILDCARD)
  @Produces(MediaType.APPLICATION_JSON)
  @Operation(
      operationId = "classifySageMaker",
      summary = "Tells what is in an image, behind SageMaker")
  @RequestBody(ref = "ImageRequest")
  @APIResponse(responseCode = "200", ref = "LabelScores")
  public CompletionStage<List<LabelScore>> classify(@Context RoutingContext context) {
    return images.ask(context, Optional.empty(), Optional.empty()).thenApply(LabelScore::of);
  }
}
