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
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;

/**
 * Serves {@code POST /models/{model}}: <a
 * href="https://huggingface.co/docs/inference-providers/tasks/image-classification">Hugging Face's
 * image classification</a>.
 */
@Path("/models")
@Tag(name = "dialects", description = "One image, asked as other servers are asked")
public class HuggingFaceResource {

  private final ImageRequestHandler images;

  HuggingFaceResource(ImageRequestHandler images) {
    this.images = images;
  }

  @POST
  @Path("/{name}")
  @Consumes(MediaType.WILDCARD)
  @Produces(MediaType.APPLICATION_JSON)
  @Operation(
      operationId = "classifyHuggingFace",
      summary = "Tells what is in an image, as Hugging Face does")
  @RequestBody(ref = "ImageRequest")
  @APIResponse(responseCode = "200", ref = "LabelScores")
  public CompletionStage<List<LabelScore>> classify(
      @Parameter(description = "The model's name") @RestPath String name,
      @Context RoutingContext context) {
    return images.ask(context, Optional.of(name), Optional.empty()).thenApply(LabelScore::of);
  }
}
