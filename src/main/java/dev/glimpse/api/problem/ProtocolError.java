package dev.glimpse.api.problem;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Holds an error in the format of the KServe and Triton protocols. */
@Schema(
    description = "An error, in the format of the KServe and Triton protocols",
    requiredProperties = "error")
public record ProtocolError(
    @Schema(
            description = "What is wrong with this request",
            examples = "There is no model \"tulips\". Served: flowers.")
        String error) {}
