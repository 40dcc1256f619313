/**
 * Belongs here: the mapping of exceptions to RFC 9457 problems, and to the error objects of
 * inference protocols.
 *
 * <p>Does not: deciding which failure an error is; the code that detects it throws the right {@code
 * Failure}.
 */
@OpenAPIDefinition(
    info = @Info(title = "Glimpse", version = ""),
    components =
        @Components(
            responses = {
              @APIResponse(
                  name = "NoSuchModel",
                  description = "There is no such model",
                  content =
                      @Content(
                          mediaType = MediaType.APPLICATION_JSON,
                          schema = @Schema(implementation = ProtocolError.class))),
              @APIResponse(
                  name = "NoSuchVersion",
                  description = "There is no such model or version",
                  content =
                      @Content(
                          mediaType = MediaType.APPLICATION_JSON,
                          schema = @Schema(implementation = ProtocolError.class))),
              @APIResponse(
                  name = "MalformedVersion",
                  description = "The version is not a number",
                  content =
                      @Content(
                          mediaType = MediaType.APPLICATION_JSON,
                          schema = @Schema(implementation = ProtocolError.class)))
            }))
@NullMarked
package dev.glimpse.api.problem;

import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Components;
import org.eclipse.microprofile.openapi.annotations.OpenAPIDefinition;
import org.eclipse.microprofile.openapi.annotations.info.Info;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.NullMarked;
