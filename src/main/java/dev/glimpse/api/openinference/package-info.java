/**
 * Belongs here: the endpoints of the Open Inference Protocol (V2), with its binary tensor and
 * classification extensions.
 *
 * <p>Does not: the inference itself; see {@link dev.glimpse.TensorInference}. Triton's extensions
 * for model management are in {@code triton}.
 */
@OpenAPIDefinition(
    info = @Info(title = "Glimpse", version = ""),
    components =
        @Components(
            parameters =
                @Parameter(
                    name = InferBody.HEADER_LENGTH,
                    in = ParameterIn.HEADER,
                    description =
                        "The length of the JSON in bytes, if tensors in binary follow it; 0 if the"
                            + " whole body is the only input: the elements of a tensor, or an"
                            + " image",
                    schema = @Schema(type = SchemaType.INTEGER, minimum = "0")),
            requestBodies =
                @RequestBody(
                    name = "InferenceRequest",
                    description = "Tensors",
                    required = true,
                    content = {
                      @Content(
                          mediaType = MediaType.APPLICATION_JSON,
                          schema = @Schema(implementation = InferSchemas.InferenceRequest.class),
                          examples =
                              @ExampleObject(name = "red", value = InferSchemas.REQUEST_EXAMPLE)),
                      @Content(
                          mediaType = MediaType.APPLICATION_OCTET_STREAM,
                          schema =
                              @Schema(
                                  type = SchemaType.STRING,
                                  format = "binary",
                                  description = "JSON as above, followed by the tensors in binary"))
                    }),
            responses =
                @APIResponse(
                    name = "InferenceResponse",
                    description = "The outputs",
                    content = {
                      @Content(
                          mediaType = MediaType.APPLICATION_JSON,
                          schema = @Schema(implementation = InferSchemas.InferenceResponse.class),
                          examples =
                              @ExampleObject(
                                  name = "daisy",
                                  value = InferSchemas.RESPONSE_EXAMPLE)),
                      @Content(
                          mediaType = MediaType.APPLICATION_OCTET_STREAM,
                          schema =
                              @Schema(
                                  type = SchemaType.STRING,
                                  format = "binary",
                                  description = "JSON as above, followed by the tensors in binary"))
                    })))
@NullMarked
package dev.glimpse.api.openinference;

import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Components;
import org.eclipse.microprofile.openapi.annotations.OpenAPIDefinition;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.info.Info;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.NullMarked;
