/**
 * Belongs here: Glimpse's own protocol: {@code POST /predict}, {@code POST /predict/batch} and
 * {@code GET /models}.
 *
 * <p>Does not: the classification itself; see {@link dev.glimpse.Classifier}.
 */
@OpenAPIDefinition(
    info = @Info(title = "Glimpse", version = ""),
    components =
        @Components(
            parameters = {
              @Parameter(
                  name = RequestDeadline.GRPC_TIMEOUT,
                  in = ParameterIn.HEADER,
                  description =
                      "How long the request may take, in gRPC's form: up to 8 digits and a unit (H,"
                          + " M, S, m for milliseconds, u, n); default: glimpse.deadline.default",
                  schema =
                      @Schema(
                          type = SchemaType.STRING,
                          pattern = "[0-9]{1,8}[HMSmun]",
                          examples = "500m")),
              @Parameter(
                  name = RequestDeadline.ENVOY_TIMEOUT,
                  in = ParameterIn.HEADER,
                  description =
                      "The same in milliseconds, as Envoy and Istio send it; if both are sent, the"
                          + " shorter one wins",
                  schema = @Schema(type = SchemaType.INTEGER, minimum = "1", examples = "500")),
              @Parameter(
                  name = "Prefer",
                  in = ParameterIn.HEADER,
                  description =
                      "respond-async: answer with 202 and the address of the result, and work on"
                          + " the images behind other requests; ignored unless"
                          + " glimpse.results.enabled",
                  schema = @Schema(type = SchemaType.STRING, examples = "respond-async")),
              @Parameter(
                  name = "callback",
                  in = ParameterIn.QUERY,
                  description =
                      "With Prefer: respond-async, where the result is sent to when it is done, as a"
                          + " signed CloudEvent; only if glimpse.results.callback.secret is set",
                  schema =
                      @Schema(
                          type = SchemaType.STRING,
                          format = "uri",
                          maxLength = 2048,
                          examples = "https://hooks.example.com/results"))
            },
            responses =
                @APIResponse(
                    name = "AnsweredLater",
                    description = "The request is answered later, at the address in Location",
                    headers = {
                      @Header(
                          name = "Location",
                          description = "The address of the result",
                          schema = @Schema(type = SchemaType.STRING)),
                      @Header(
                          name = "Preference-Applied",
                          description = "Always respond-async",
                          schema = @Schema(type = SchemaType.STRING)),
                      @Header(
                          name = "Retry-After",
                          description = "Seconds after which to look there",
                          schema = @Schema(type = SchemaType.INTEGER))
                    },
                    content =
                        @Content(
                            mediaType = "application/json",
                            schema = @Schema(ref = "JobProgress"))),
            headers =
                @Header(
                    name = LabelLanguage.HEADER,
                    description =
                        "The language of the labels, if the model has them in several; with Vary:"
                            + " Accept-Language",
                    schema = @Schema(type = SchemaType.STRING, examples = "zh"))))
@NullMarked
package dev.glimpse.api.predict;

import dev.glimpse.api.http.RequestDeadline;
import org.eclipse.microprofile.openapi.annotations.Components;
import org.eclipse.microprofile.openapi.annotations.OpenAPIDefinition;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.info.Info;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.NullMarked;
