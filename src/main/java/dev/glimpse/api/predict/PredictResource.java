package dev.glimpse.api.predict;

import dev.glimpse.Classifier;
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
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/**
 * Serves {@code POST /predict}: three kinds of body, one answer. The event loop reads the bytes; a
 * worker does everything else.
 */
@Path("/predict")
@Tag(name = "predict", description = "What is in an image")
public class PredictResource {

  private static final String ANY_IMAGE = "image/*";

  private final Classifier classifier;
  private final Exchange exchange;
  private final PredictBody body;

  PredictResource(Classifier classifier, Exchange exchange, PredictBody body) {
    this.classifier = classifier;
    this.exchange = exchange;
    this.body = body;
  }

  @POST
  @Consumes({
    MediaType.MULTIPART_FORM_DATA,
    ANY_IMAGE,
    MediaType.APPLICATION_OCTET_STREAM,
    MediaType.APPLICATION_JSON
  })
  @Produces(MediaType.APPLICATION_JSON)
  @Operation(
      operationId = "predict",
      summary = "Tells what is in an image",
      description =
          "Takes a JPEG, PNG, GIF, BMP, TIFF, WebP, HEIC or AVIF image, known by its first bytes,"
              + " as a form's part, as the body itself, in base64, or by its URL if"
              + " glimpse.url.enabled. Parameters in a form or in JSON come before those in the"
              + " query.")
  @Parameter(ref = RequestDeadline.GRPC_TIMEOUT)
  @Parameter(ref = RequestDeadline.ENVOY_TIMEOUT)
  @Parameter(ref = "Prefer")
  @Parameter(ref = "callback")
  @RequestBody(
      description = "The image",
      required = true,
      content = {
        @Content(
            mediaType = MediaType.MULTIPART_FORM_DATA,
            schema = @Schema(implementation = PredictForm.class)),
        @Content(
            mediaType = ANY_IMAGE,
            schema = @Schema(type = SchemaType.STRING, format = "binary")),
        @Content(
            mediaType = MediaType.APPLICATION_OCTET_STREAM,
            schema = @Schema(type = SchemaType.STRING, format = "binary")),
        @Content(
            mediaType = MediaType.APPLICATION_JSON,
            schema = @Schema(implementation = PredictRequest.class),
            examples =
                @ExampleObject(
                    name = "red",
                    summary = "One red pixel",
                    value = PredictRequest.EXAMPLE))
      })
  @APIResponse(responseCode = "202", ref = "AnsweredLater")
  @APIResponse(
      responseCode = "200",
      description = "What the image may show, best first",
      headers = @Header(name = HttpHeaders.CONTENT_LANGUAGE, ref = LabelLanguage.HEADER),
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = PredictResponse.class),
              examples = @ExampleObject(name = "daisy", value = PredictResponse.EXAMPLE)))
  public CompletionStage<PredictResponse> predict(
      @BeanParam @Valid PredictParameters query,
      @Context RoutingContext context,
      @Context UriInfo uri) {
    ParameterNames.requireKnown(uri.getQueryParameters().keySet());
    String id = RequestId.of(context);
    HttpServerRequest request = context.request();
    String contentType = request.getHeader(HttpHeaders.CONTENT_TYPE);
    String acceptLanguage = request.getHeader(HttpHeaders.ACCEPT_LANGUAGE);
    return exchange
        .ask(
            context,
            classifier::classify,
            bytes -> body.request(bytes, contentType, query, acceptLanguage))
        .thenApply(answer -> {
          LabelLanguage.describe(context, answer);
          return PredictResponse.of(id, answer);
        });
  }
}
