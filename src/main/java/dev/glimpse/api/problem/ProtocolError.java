package dev.glimpse.api.problem;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What went wrong, as the inference protocols of others say it. */
@Schema(
    description = "What went wrong, as the inference protocols of others say it",
    requiredProperties = "error")
public record ProtocolError(
    @Schema(
            description = "What is wrong with this request",
            examples = "There is no model \"tulips\". Served: flowers.")
        String error) {}
