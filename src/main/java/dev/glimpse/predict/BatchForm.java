package dev.glimpse.predict;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The parts of a form, for the OpenAPI document; {@link MultipartForm} reads them. */
@Schema(description = "Several pictures and what is asked of each, as a form")
record BatchForm(
    @Schema(
            type = SchemaType.ARRAY,
            implementation = PredictForm.File.class,
            required = true,
            minItems = 1,
            description = "Image files, each a part of this name")
        List<PredictForm.File> file,
    @JsonProperty("top_k")
        @Schema(
            type = SchemaType.INTEGER,
            minimum = "1",
            defaultValue = "5",
            description = "How many classes to name, best first")
        String topK,
    @Schema(description = "Which model to ask; left out, the default model", examples = "flowers")
        String model,
    @Schema(
            type = SchemaType.INTEGER,
            minimum = "1",
            description = "Which version of the model; left out, the highest")
        String version,
    @Schema(description = "The language of the labels", examples = "zh") String lang) {}
