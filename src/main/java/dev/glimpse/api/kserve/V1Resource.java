package dev.glimpse.api.kserve;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.glimpse.Explainer;
import dev.glimpse.TensorInference;
import dev.glimpse.api.http.Exchange;
import dev.glimpse.api.tensorjson.VersionParameter;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.explain.ExplanationSwitch;
import dev.glimpse.pipeline.TensorCall;
import dev.glimpse.registry.ModelRegistry;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;

/**
 * Serves what is below {@code /v1}: the protocol of KServe before v2, which is TensorFlow
 * Serving's, and Vertex AI's too.
 */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "inference v1", description = "KServe's V1 protocol, which is TensorFlow Serving's")
public class V1Resource {

  private static final String SUMMARY = "Predicts for each instance";

  private static final String DESCRIPTION =
      "Instances are images, as {\"b64\": \"…\"} or that under a name, and get their best"
          + " classes; or tensors without their first dimension, by name in an object or, where the"
          + " model has one input, as they are, and get their rows of the outputs.";

  private static final String EXPLAIN = "Explains each instance";

  private static final String EXPLAIN_MORE =
      "Instances are images, as {\"b64\": \"…\"} or that under a name. Parameters are those of POST"
          + " /explain: class and method; and top_k for the predictions.";

  private final TensorInference inference;
  private final Explainer explainer;
  private final ExplanationSwitch enabled;
  private final Exchange exchange;
  private final ModelRegistry models;
  private final int maxImages;

  V1Resource(
      TensorInference inference,
      Explainer explainer,
      ExplanationSwitch enabled,
      Exchange exchange,
      ModelRegistry models,
      GlimpseConfig config) {
    this.explainer = explainer;
    this.enabled = enabled;
    this.maxImages = config.batch().maxImages();
    this.inference = inference;
    this.exchange = exchange;
    this.models = models;
  }

  /** The models that are served. */
  @Schema(description = "The models that are served", requiredProperties = "models")
  public record ModelNames(
      @Schema(description = "Their names", examples = "[\"flowers\"]") List<String> models) {}

  /** How a model is, as KServe and as TensorFlow Serving say it. */
  @Schema(
      description = "How a model is, as KServe and as TensorFlow Serving say it",
      requiredProperties = {"name", "ready", "model_version_status"})
  public record ModelStatus(
      @Schema(description = "The model's name", examples = "flowers") String name,
      @Schema(description = "Whether it answers now", examples = "true") boolean ready,
      @JsonProperty("model_version_status") @Schema(description = "How each of its versions is")
          List<VersionStatus> versions) {}

  /** How a version is. */
  @Schema(
      description = "How a version is",
      requiredProperties = {"version", "state", "status"})
  public record VersionStatus(
      @Schema(description = "Its number", examples = "1") String version,
      @Schema(description = "Always AVAILABLE", examples = "AVAILABLE") String state,
      @Schema(description = "Always good") Status status) {}

  /** What is wrong with a version. */
  @Schema(
      description = "What is wrong with a version",
      requiredProperties = {"error_code", "error_message"})
  public record Status(
      @JsonProperty("error_code") @Schema(description = "OK: nothing", examples = "OK") String code,
      @JsonProperty("error_message") @Schema(description = "Empty: nothing", examples = "")
          String message) {}

  @GET
  @Path("/models")
  @Operation(operationId = "listModelsV1", summary = "Lists the models that are served")
  @APIResponse(responseCode = "200", description = "Their names")
  public ModelNames list() {
    return new ModelNames(models.names());
  }

  @GET
  @Path("/models/{model}")
  @Operation(operationId = "modelStatusV1", summary = "Says how a model is")
  @APIResponse(responseCode = "200", description = "It is ready")
  @APIResponse(responseCode = "404", ref = "NoSuchModel")
  public ModelStatus status(@Parameter(description = "The model's name") @RestPath String model) {
    return new ModelStatus(
        model,
        true,
        models.served(model).versions().stream()
            .map(version ->
                new VersionStatus(
                    Integer.toString(version.version()), "AVAILABLE", new Status("OK", "")))
            .toList());
  }

  @POST
  @Path("/models/{model:[^/:]+}:predict")
  @Consumes(MediaType.WILDCARD) // TensorFlow Serving's own curl says that its JSON is a form
  @Operation(operationId = "predictV1", summary = SUMMARY, description = DESCRIPTION)
  @RequestBody(ref = "InstancesRequest")
  @APIResponse(responseCode = "200", ref = "InstancesResponse")
  public CompletionStage<Response> predict(
      @Parameter(description = "The model's name") @RestPath String model,
      @Context RoutingContext context) {
    return run(model, Optional.empty(), context);
  }

  @POST
  @Path("/models/{model}/versions/{version:[^/:]+}:predict")
  @Consumes(MediaType.WILDCARD) // TensorFlow Serving's own curl says that its JSON is a form
  @Operation(operationId = "predictVersionV1", summary = SUMMARY, description = DESCRIPTION)
  @RequestBody(ref = "InstancesRequest")
  @APIResponse(responseCode = "200", ref = "InstancesResponse")
  public CompletionStage<Response> predictVersion(
      @Parameter(description = "The model's name") @RestPath String model,
      @Parameter(description = "The version's number") @RestPath String version,
      @Context RoutingContext context) {
    return run(model, Optional.of(version), context);
  }

  @POST
  @Path("/models/{model:[^/:]+}:explain")
  @Consumes(MediaType.WILDCARD)
  @Operation(operationId = "explainV1", summary = EXPLAIN, description = EXPLAIN_MORE)
  @RequestBody(ref = "InstancesRequest")
  @APIResponse(responseCode = "200", ref = "ExplanationsResponse")
  public CompletionStage<Response> explain(
      @Parameter(description = "The model's name") @RestPath String model,
      @Context RoutingContext context) {
    return explain(model, Optional.empty(), context);
  }

  @POST
  @Path("/models/{model}/versions/{version:[^/:]+}:explain")
  @Consumes(MediaType.WILDCARD)
  @Operation(operationId = "explainVersionV1", summary = EXPLAIN, description = EXPLAIN_MORE)
  @RequestBody(ref = "InstancesRequest")
  @APIResponse(responseCode = "200", ref = "ExplanationsResponse")
  public CompletionStage<Response> explainVersion(
      @Parameter(description = "The model's name") @RestPath String model,
      @Parameter(description = "The version's number") @RestPath String version,
      @Context RoutingContext context) {
    return explain(model, Optional.of(version), context);
  }

  private CompletionStage<Response> explain(
      String model, Optional<String> version, RoutingContext context) {
    return exchange
        .ask(
            context,
            enabled.guarded(explainer::explainEach),
            body ->
                ExplainCall.read(
                    body.takeArray(), model, version.map(VersionParameter::number), maxImages))
        .thenApply(explained ->
            Response.ok(ExplainCall.write(explained), MediaType.APPLICATION_JSON_TYPE).build());
  }

  private CompletionStage<Response> run(
      String model, Optional<String> version, RoutingContext context) {
    return exchange
        .<TensorCall<InstancesCall.Instances, byte[]>, byte[]>ask(
            context,
            inference::infer,
            body ->
                new InstancesCall(
                    model, version.map(VersionParameter::number), maxImages, body::takeArray))
        .thenApply(answer -> Response.ok(answer, MediaType.APPLICATION_JSON_TYPE).build());
  }
}
