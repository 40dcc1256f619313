package dev.glimpse.api.predict;

import dev.glimpse.api.http.MultipartForm;
import java.io.InputStream;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * Describes the parts of a form for the OpenAPI document; {@link MultipartForm} reads them. Without
 * the parameters, as {@link PredictForm}.
 */
@Schema(
    description = "Several images, as a form; the query parameters may also be parts of the form")
record BatchForm(
    @Schema(required = true, minItems = 1, description = "Image files, each a part of this name")
        List<InputStream> file) {}
