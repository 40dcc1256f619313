/**
 * Belongs here: the endpoints of other image classification servers, for clients and platforms that
 * cannot be changed: TorchServe, DJL Serving, SageMaker, Vertex AI and Hugging Face.
 *
 * <p>Does not: features of their own; they lead to the same classifier as {@code POST /predict}.
 */
@OpenAPIDefinition(
    info = @Info(title = "Glimpse", version = ""),
    components =
        @Components(
            requestBodies = {
              @RequestBody(
                  name = "ImageRequest",
                  description = "The image",
                  required = true,
                  content = {
                    @Content(
                        mediaType = MediaType.APPLICATION_OCTET_STREAM,
                        schema = @Schema(type = SchemaType.STRING, format = "binary")),
                    @Content(
                        mediaType = MediaType.APPLICATION_JSON,
                        schema = @Schema(implementation = ImageRequest.class),
                        examples = @ExampleObject(name = "red", value = ImageRequest.EXAMPLE))
                  }),
              @RequestBody(
                  name = "TorchServeRequest",
                  description = "The image, or a form with it as the part \"data\"",
                  required = true,
                  content =
                      @Content(
                          mediaType = MediaType.APPLICATION_OCTET_STREAM,
                          schema = @Schema(type = SchemaType.STRING, format = "binary")))
            },
            responses = {
              @APIResponse(
                  name = "LabelScores",
                  description = "The best classes of the image, best first",
                  content =
                      @Content(
                          mediaType = MediaType.APPLICATION_JSON,
                          schema = @Schema(implementation = LabelScore[].class),
                          examples = @ExampleObject(name = "daisy", value = LabelScore.EXAMPLE))),
              @APIResponse(
                  name = "TorchServeResponse",
                  description = "The best classes of the image with their scores, best first",
                  content =
                      @Content(
                          mediaType = MediaType.APPLICATION_JSON,
                          schema =
                              @Schema(type = SchemaType.OBJECT, additionalProperties = Float.class),
                          examples =
                              @ExampleObject(
                                  name = "daisy",
                                  value = "{\"daisy\": 0.97, \"dandelion\": 0.02}")))
            }))
@NullMarked
package dev.glimpse.api.compat;

import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Components;
import org.eclipse.microprofile.openapi.annotations.OpenAPIDefinition;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.info.Info;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.NullMarked;
