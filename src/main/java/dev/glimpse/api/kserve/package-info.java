/**
 * Belongs here: the endpoints of KServe's V1 protocol, which is also TensorFlow Serving's and
 * Vertex AI's.
 *
 * <p>Does not: the V2 protocol; see {@code openinference}.
 */
@OpenAPIDefinition(
    info = @Info(title = "Glimpse", version = ""),
    components =
        @Components(
            requestBodies =
                @RequestBody(
                    name = "InstancesRequest",
                    description = "The instances",
                    required = true,
                    content =
                        @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema =
                                @Schema(implementation = InstancesSchemas.InstancesRequest.class),
                            examples =
                                @ExampleObject(
                                    name = "red",
                                    value = InstancesSchemas.REQUEST_EXAMPLE))),
            responses = {
              @APIResponse(
                  name = "ExplanationsResponse",
                  description = "A prediction and an explanation for each, in their order",
                  content =
                      @Content(
                          mediaType = MediaType.APPLICATION_JSON,
                          schema =
                              @Schema(implementation = InstancesSchemas.ExplanationsResponse.class),
                          examples =
                              @ExampleObject(
                                  name = "daisy",
                                  value = InstancesSchemas.EXPLANATIONS_EXAMPLE))),
              @APIResponse(
                  name = "InstancesResponse",
                  description = "A prediction for each, in their order",
                  content =
                      @Content(
                          mediaType = MediaType.APPLICATION_JSON,
                          schema =
                              @Schema(implementation = InstancesSchemas.InstancesResponse.class),
                          examples =
                              @ExampleObject(
                                  name = "daisy",
                                  value = InstancesSchemas.RESPONSE_EXAMPLE)))
            }))
@NullMarked
package dev.glimpse.api.kserve;

import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Components;
import org.eclipse.microprofile.openapi.annotations.OpenAPIDefinition;
import org.eclipse.microprofile.openapi.annotations.info.Info;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.NullMarked;
