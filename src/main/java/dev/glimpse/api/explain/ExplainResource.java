package dev.glimpse.api.explain;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.glimpse.Explainer;
import dev.glimpse.api.http.AcceptHeader;
import dev.glimpse.api.http.Exchange;
import dev.glimpse.api.http.RequestDeadline;
import dev.glimpse.api.http.RequestId;
import dev.glimpse.api.predict.BodyValidator;
import dev.glimpse.api.predict.ImageRequestBody;
import dev.glimpse.api.predict.LabelLanguage;
import dev.glimpse.api.predict.PredictForm;
import dev.glimpse.explain.ExplainedImage;
import dev.glimpse.explain.ExplanationSwitch;
import dev.glimpse.remote.RemoteImages;
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
import jakarta.ws.rs.core.Response;
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

/** Serves {@code POST /explain}, which takes the bodies of {@code POST /predict}. */
@Path("/explain")
@Tag(name = "explain", description = "Why a model says so")
public class ExplainResource {

  static final String PNG = "image/png";

  private static final String ANY_IMAGE = "image/*";

  private final Explainer explainer;
  private final Exchange exchange;
  private final ExplanationSwitch enabled;
  private final ImageRequestBody<ExplainParameters, ExplainRequest> body;
  private final ExplainJson json;

  ExplainResource(
      Explainer explainer,
      Exchange exchange,
      ExplanationSwitch enabled,
      BodyValidator validator,
      RemoteImages remote,
      ObjectMapper mapper) {
    this.explainer = explainer;
    this.exchange = exchange;
    this.enabled = enabled;
    this.body =
        new ImageRequestBody<>(
            validator, remote, mapper, ExplainRequest.class, ExplainParameters::of);
    this.json = new ExplainJson(mapper.getFactory());
  }

  @POST
  @Consumes({
    MediaType.MULTIPART_FORM_DATA,
    ANY_IMAGE,
    MediaType.APPLICATION_OCTET_STREAM,
    MediaType.APPLICATION_JSON
  })
  @Produces({MediaType.APPLICATION_JSON, PNG})
  @Operation(
      operationId = "explain",
      summary = "Tells which parts of an image a class's score comes from",
      description =
          "Takes an image as POST /predict does. Answers with a grid of numbers over what the model"
              + " saw of the image, or with that map over the image, upright and in its"
              + " proportions, as a PNG. The first request of a model opens its graph once more,"
              + " which takes as long as loading it and as much memory.")
  @Parameter(ref = RequestDeadline.GRPC_TIMEOUT)
  @Parameter(ref = RequestDeadline.ENVOY_TIMEOUT)
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
            schema = @Schema(implementation = ExplainRequest.class),
            examples =
                @ExampleObject(
                    name = "red",
                    summary = "One red pixel",
                    value = ExplainRequest.EXAMPLE))
      })
  @APIResponse(
      responseCode = "200",
      description = "Which parts of the image the score comes from, with Vary: Accept",
      headers = @Header(name = HttpHeaders.CONTENT_LANGUAGE, ref = LabelLanguage.HEADER),
      content = {
        @Content(
            mediaType = MediaType.APPLICATION_JSON,
            schema = @Schema(implementation = ExplainResponse.class),
            examples = @ExampleObject(name = "daisy", value = ExplainResponse.EXAMPLE)),
        @Content(mediaType = PNG, schema = @Schema(type = SchemaType.STRING, format = "binary"))
      })
  public CompletionStage<Response> explain(
      @BeanParam @Valid ExplainParameters query,
      @Context RoutingContext context,
      @Context UriInfo uri) {
    ExplainParameters.requireKnown(uri.getQueryParameters().keySet());
    String id = RequestId.of(context);
    HttpServerRequest request = context.request();
    String contentType = request.getHeader(HttpHeaders.CONTENT_TYPE);
    String acceptLanguage = request.getHeader(HttpHeaders.ACCEPT_LANGUAGE);
    AcceptHeader accept =
        AcceptHeader.of(String.join(",", request.headers().getAll(HttpHeaders.ACCEPT)));
    return exchange
        .ask(
            context,
            enabled.guarded(explainer::explain),
            bytes -> {
              var content = body.parse(bytes, contentType, query, acceptLanguage);
              return content.parameters().request(content.image(), accept);
            })
        .thenApply(explained -> response(id, explained, context));
  }

  private Response response(String id, ExplainedImage explained, RoutingContext context) {
    LabelLanguage.describe(context, explained.language());
    context.response().headers().add(HttpHeaders.VARY, HttpHeaders.ACCEPT);
    return explained
        .png()
        .map(png -> Response.ok(png, PNG))
        .orElseGet(() -> Response.ok(json.of(id, explained), MediaType.APPLICATION_JSON))
        .build();
  }
}
