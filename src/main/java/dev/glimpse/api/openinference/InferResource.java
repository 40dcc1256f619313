package dev.glimpse.api.openinference;

import dev.glimpse.TensorInference;
import dev.glimpse.api.http.Exchange;
import dev.glimpse.api.tensorjson.VersionParameter;
import dev.glimpse.bytes.Bytes;
import dev.glimpse.model.Model;
import dev.glimpse.pipeline.TensorCall;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/** Serves {@code POST /v2/models/{model}/infer}: tensors in and tensors out. */
@Path("/v2")
@Consumes(MediaType.WILDCARD) // clients of the protocol send any type
@Produces({MediaType.APPLICATION_JSON, MediaType.APPLICATION_OCTET_STREAM})
@Tag(
    name = "open inference",
    description = "Open Inference Protocol v2, as KServe and Triton speak it")
public class InferResource {

  private static final String DESCRIPTION =
      "Takes a tensor for each of the model's inputs, in JSON or after it in binary. An image"
          + " classifier's input may also be of BYTES: encoded images, in binary or in base64,"
          + " which are answered with the graph's scores. Of an output's numbers,"
          + " \"classification\": k asks for the k best, each as \"value:index:label\". Of an"
          + " image classifier, the output \"embedding\" is the vectors of POST /embed, unless the"
          + " graph has an output of that name. A body may be compressed with gzip or deflate.";

  private final TensorInference inference;
  private final Exchange exchange;

  InferResource(TensorInference inference, Exchange exchange) {
    this.inference = inference;
    this.exchange = exchange;
  }

  @POST
  @Path("/models/{model}/infer")
  @Operation(operationId = "infer", summary = "Runs a model on tensors", description = DESCRIPTION)
  @Parameter(ref = InferBody.HEADER_LENGTH)
  @RequestBody(ref = "InferenceRequest")
  @APIResponse(responseCode = "200", ref = "InferenceResponse")
  public CompletionStage<Response> infer(
      @Parameter(description = "The model's name") @RestPath String model,
      @Context RoutingContext context) {
    return run(model, Optional.empty(), context);
  }

  @POST
  @Path("/models/{model}/versions/{version}/infer")
  @Operation(
      operationId = "inferVersion",
      summary = "Runs a version of a model on tensors",
      description = DESCRIPTION)
  @Parameter(ref = InferBody.HEADER_LENGTH)
  @RequestBody(ref = "InferenceRequest")
  @APIResponse(responseCode = "200", ref = "InferenceResponse")
  public CompletionStage<Response> inferVersion(
      @Parameter(description = "The model's name") @RestPath String model,
      @Parameter(description = "The version's number") @RestPath String version,
      @Context RoutingContext context) {
    return run(model, Optional.of(version), context);
  }

  private CompletionStage<Response> run(
      String model, Optional<String> version, RoutingContext context) {
    HttpServerRequest request = context.request();
    String headerLength = request.getHeader(InferBody.HEADER_LENGTH);
    return exchange
        .<TensorCall<InferRequest, InferAnswer>, InferAnswer>ask(
            context,
            inference::infer,
            body ->
                new InferCall<>(
                    model,
                    version.map(VersionParameter::number),
                    found -> read(body, headerLength, found),
                    InferAnswer::of))
        .thenApply(InferResource::response);
  }

  /** Reads a body, and closes it unless it may have to be read again. */
  private static InferRequest read(Bytes body, @Nullable String headerLength, Model model) {
    byte[] array = body.toArray();
    InferRequest request =
        "0".equals(headerLength) ? RawBody.read(array, model) : InferBody.read(array, headerLength);
    if (InferCall.vector(request, model).isEmpty()) {
      body.close();
    }
    return request;
  }

  private static Response response(InferAnswer answer) {
    if (!answer.hasBinary()) {
      return Response.ok(answer.body(), MediaType.APPLICATION_JSON_TYPE).build();
    }
    return Response.ok(answer.body(), MediaType.APPLICATION_OCTET_STREAM_TYPE)
        .header(InferBody.HEADER_LENGTH, answer.jsonBytes())
        .build();
  }
}
