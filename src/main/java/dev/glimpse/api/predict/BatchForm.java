package dev.glimpse.api.predict;

import dev.glimpse.api.http.MultipartForm;
import java.io.InputStream;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * The parts of a form, for the OpenAPI document; {@link MultipartForm} reads them. Without the
 * parameters, as {@link PredictForm}.
 */
@Schema(
    description =
        "Several pictures, as a form; what is asked of them in the query may be parts, too")
record BatchForm(
    @Schema(required = true, minItems = 1, description = "Image files, each a part of this name")
        List<InputStream> file) {}
