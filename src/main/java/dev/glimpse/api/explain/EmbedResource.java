package dev.glimpse.api.explain;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.glimpse.Embedder;
import dev.glimpse.api.http.Exchange;
import dev.glimpse.api.http.RequestDeadline;
import dev.glimpse.api.http.RequestId;
import dev.glimpse.api.predict.BodyValidator;
import dev.glimpse.api.predict.ImageRequestBody;
import dev.glimpse.api.predict.PredictForm;
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
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Serves {@code POST /embed}, which takes the bodies of {@code POST /predict}. */
@Path("/embed")
@Tag(name = "explain")
public class EmbedResource {

  private static final String ANY_IMAGE = "image/*";

  private final Embedder embedder;
  private final Exchange exchange;
  private final ExplanationSwitch enabled;
  private final ImageRequestBody<EmbedParameters, EmbedRequest> body;
  private final EmbedJson json;

  EmbedResource(
      Embedder embedder,
      Exchange exchange,
      ExplanationSwitch enabled,
      BodyValidator validator,
      RemoteImages remote,
      ObjectMapper mapper) {
    this.embedder = embedder;
    this.exchange = exchange;
    this.enabled = enabled;
    this.body =
        new ImageRequestBody<>(validator, remote, mapper, EmbedRequest.class, EmbedParameters::of);
    this.json = new EmbedJson(mapper.getFactory());
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
      operationId = "embed",
      summary = "Makes a vector of an image, to compare it with others",
      description =
          "Takes an image as POST /predict does. Answers with what the model's last layer makes its"
              + " scores of. The first request of a model opens its graph once more, which takes as"
              + " long as loading it and as much memory.")
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
            schema = @Schema(implementation = EmbedRequest.class),
            examples =
                @ExampleObject(
                    name = "red",
                    summary = "One red pixel",
                    value = EmbedRequest.EXAMPLE))
      })
  @APIResponse(
      responseCode = "200",
      description = "The image's vector",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = EmbedResponse.class),
              examples = @ExampleObject(name = "short", value = EmbedResponse.EXAMPLE)))
  public CompletionStage<Response> embed(
      @BeanParam @Valid EmbedParameters query,
      @Context RoutingContext context,
      @Context UriInfo uri) {
    EmbedParameters.requireKnown(uri.getQueryParameters().keySet());
    String id = RequestId.of(context);
    HttpServerRequest request = context.request();
    String contentType = request.getHeader(HttpHeaders.CONTENT_TYPE);
    String acceptLanguage = request.getHeader(HttpHeaders.ACCEPT_LANGUAGE);
    return exchange
        .ask(
            context,
            enabled.guarded(embedder::embed),
            bytes -> {
              var content = body.parse(bytes, contentType, query, acceptLanguage);
              return content.parameters().request(content.image());
            })
        .thenApply(
            embedding -> Response.ok(json.of(id, embedding), MediaType.APPLICATION_JSON).build());
  }
}
