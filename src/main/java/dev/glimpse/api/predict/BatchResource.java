package dev.glimpse.api.predict;

import dev.glimpse.BatchClassifier;
import dev.glimpse.BatchClassifier.Outcome;
import dev.glimpse.api.http.Exchange;
import dev.glimpse.api.http.RequestDeadline;
import dev.glimpse.api.http.RequestId;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.validation.Valid;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Serves {@code POST /predict/batch}: several images, an answer or a problem for each. */
@Path("/predict/batch")
@Tag(name = "predict", description = "What is in an image")
public class BatchResource {

  private final BatchClassifier classifier;
  private final Exchange exchange;
  private final BatchBody body;

  BatchResource(BatchClassifier classifier, Exchange exchange, BatchBody body) {
    this.classifier = classifier;
    this.exchange = exchange;
    this.body = body;
  }

  @POST
  @Consumes({MediaType.MULTIPART_FORM_DATA, MediaType.APPLICATION_JSON})
  @Produces(MediaType.APPLICATION_JSON)
  @Operation(
      operationId = "predictBatch",
      summary = "Tells what is in each of several images",
      description =
          "Takes up to glimpse.batch.max-images images, together no larger than"
              + " glimpse.image.max-bytes, as the parts \"file\" of a form, in base64, or by their"
              + " URLs if glimpse.url.enabled. Answers with 200 and a prediction or a problem for"
              + " each, in their order; only what is wrong with the whole request is answered with"
              + " another status.")
  @Parameter(ref = RequestDeadline.GRPC_TIMEOUT)
  @Parameter(ref = RequestDeadline.ENVOY_TIMEOUT)
  @Parameter(ref = "Prefer")
  @Parameter(ref = "callback")
  @RequestBody(
      description = "The images",
      required = true,
      content = {
        @Content(
            mediaType = MediaType.MULTIPART_FORM_DATA,
            schema = @Schema(implementation = BatchForm.class)),
        @Content(
            mediaType = MediaType.APPLICATION_JSON,
            schema = @Schema(implementation = BatchRequest.class),
            examples =
                @ExampleObject(
                    name = "red",
                    summary = "One red pixel, twice",
                    value = BatchRequest.EXAMPLE))
      })
  @APIResponse(responseCode = "202", ref = "AnsweredLater")
  @APIResponse(
      responseCode = "200",
      description = "What each image may show, or what is wrong with it, in their order",
      headers = @Header(name = HttpHeaders.CONTENT_LANGUAGE, ref = LabelLanguage.HEADER),
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = BatchResponse.class),
              examples = @ExampleObject(name = "daisy", value = BatchResponse.EXAMPLE)))
  public CompletionStage<BatchResponse> predict(
      @BeanParam @Valid PredictParameters query,
      @Context RoutingContext context,
      @Context UriInfo uri) {
    ParameterNames.requireKnown(uri.getQueryParameters().keySet());
    String id = RequestId.of(context);
    HttpServerRequest request = context.request();
    String contentType =
        Objects.requireNonNullElse(
            request.getHeader(HttpHeaders.CONTENT_TYPE), MediaType.APPLICATION_JSON);
    String acceptLanguage = request.getHeader(HttpHeaders.ACCEPT_LANGUAGE);
    return exchange
        .ask(
            context,
            classifier::classify,
            bytes -> body.content(bytes, contentType, query, acceptLanguage))
        .thenApply(outcomes -> {
          outcomes.stream()
              .map(Outcome::result)
              .filter(Objects::nonNull)
              .findFirst()
              .ifPresent(result -> LabelLanguage.describe(context, result));
          return BatchResponse.of(id, outcomes);
        });
  }
}
