package dev.glimpse.predict;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The parts of a form, for the OpenAPI document; {@link MultipartForm} reads them. */
@Schema(description = "A picture and what is asked of it, as a form")
@SuppressWarnings("ArrayRecordComponent") // never made, only described
record PredictForm(
    @Schema(
            type = SchemaType.STRING,
            format = "binary",
            required = true,
            description = "An image file")
        byte[] file,
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
    @Schema(description = "The language of the labels", examples = "zh") String lang) {

  /** An image file. */
  @Schema(type = SchemaType.STRING, format = "binary", description = "An image file")
  record File() {}
}
