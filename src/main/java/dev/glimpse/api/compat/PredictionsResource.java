package dev.glimpse.api.compat;

import dev.glimpse.config.VersionNumber;
import dev.glimpse.pipeline.ClassificationResult;
import io.vertx.ext.web.RoutingContext;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;

/**
 * Serves {@code POST /predictions/{model}}, as <a
 * href="https://docs.pytorch.org/serve/inference_api.html">TorchServe</a> and DJL Serving have it;
 * the answer is that of TorchServe's {@code image_classifier}.
 */
@Path("/predictions")
@Consumes(MediaType.WILDCARD)
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "dialects")
public class PredictionsResource {

  private final ImageRequestHandler images;

  PredictionsResource(ImageRequestHandler images) {
    this.images = images;
  }

  @POST
  @Path("/{model}")
  @Operation(
      operationId = "classifyTorchServe",
      summary = "Tells what is in an image, as TorchServe does",
      description = "PUT does the same.")
  @RequestBody(ref = "TorchServeRequest")
  @APIResponse(responseCode = "200", ref = "TorchServeResponse")
  public CompletionStage<Map<String, Float>> classify(
      @Parameter(description = "The model's name") @RestPath String model,
      @Context RoutingContext context) {
    return images
        .ask(context, Optional.of(model), Optional.empty())
        .thenApply(PredictionsResource::scores);
  }

  @POST
  @Path("/{model}/{version}")
  @Operation(
      operationId = "classifyVersionTorchServe",
      summary = "Tells what is in an image, by a version of a model, as TorchServe does",
      description = "PUT does the same.")
  @RequestBody(ref = "TorchServeRequest")
  @APIResponse(responseCode = "200", ref = "TorchServeResponse")
  public CompletionStage<Map<String, Float>> classifyVersion(
      @Parameter(description = "The model's name") @RestPath String model,
      @Parameter(description = "The version's number")
          @RestPath
          @Pattern(regexp = VersionNumber.PATTERN, message = "must be " + VersionNumber.WORDS)
          String version,
      @Context RoutingContext context) {
    return images
        .ask(context, Optional.of(model), Optional.of(Integer.valueOf(version)))
        .thenApply(PredictionsResource::scores);
  }

  /** Takes the PUT of {@code curl -T}, which TorchServe's documentation uses. */
  @PUT
  @Path("/{model}")
  @Operation(hidden = true)
  public CompletionStage<Map<String, Float>> put(
      @RestPath String model, @Context RoutingContext context) {
    return classify(model, context);
  }

  /** Does what {@link #put} does, for a version. */
  @PUT
  @Path("/{model}/{version}")
  @Operation(hidden = true)
  public CompletionStage<Map<String, Float>> putVersion(
      @RestPath String model,
      @RestPath @Pattern(regexp = VersionNumber.PATTERN, message = "must be " + VersionNumber.WORDS)
          String version,
      @Context RoutingContext context) {
    return classifyVersion(model, version, context);
  }

  /** Returns the scores by label, best first; of two classes with one label, the better. */
  private static Map<String, Float> scores(ClassificationResult answer) {
    Map<String, Float> scores = new LinkedHashMap<>();
    answer.classifications().forEach(best -> scores.putIfAbsent(best.label(), best.score()));
    return scores;
  }
}
