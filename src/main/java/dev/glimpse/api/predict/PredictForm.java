package dev.glimpse.api.predict;

import dev.glimpse.api.http.MultipartForm;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * Describes the parts of a form for the OpenAPI document; {@link MultipartForm} reads them. Without
 * the parameters, which may be parts too: generated clients have each twice otherwise, as {@code
 * topK} for the query and {@code topK2} for the form.
 */
@Schema(description = "An image, as a form; the query parameters may also be parts of the form")
@SuppressWarnings("ArrayRecordComponent") // never made, only described
public record PredictForm(
    @Schema(
            type = SchemaType.STRING,
            format = "binary",
            required = true,
            description = "An image file")
        byte[] file) {}
