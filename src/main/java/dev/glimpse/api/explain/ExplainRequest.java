package dev.glimpse.api.explain;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.glimpse.api.predict.ImageRequestBody;
import dev.glimpse.api.predict.PredictRequest.ImageSource;
import dev.glimpse.explain.Method;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Holds an image and what to explain about it, as JSON. */
@RegisterForReflection
@Schema(name = "ExplanationRequest", description = "An image and what to explain about it")
public record ExplainRequest(
    @NotNull(message = "must hold the image: {\"b64\": \"…\"}, or {\"url\": \"…\"}")
        @Valid
        @Schema(description = "The image", required = true)
        ImageSource image,
    @JsonProperty("class")
        @Schema(
            description = "Which class to explain, by its index or its label; left out, the best",
            examples = "daisy")
        @Nullable String ofClass,
    @Schema(description = "How: " + Method.WORDS, examples = "cam") @Nullable String method,
    @Schema(description = "The answer: json or png; left out, by Accept", examples = "png")
        @Nullable String format,
    @Schema(
            type = SchemaType.INTEGER,
            minimum = "64",
            maximum = "1024",
            description = "The longer side of the PNG, in pixels")
        @Nullable String size,
    @Schema(description = "Which model to ask; left out, the default model", examples = "flowers")
        @Nullable String model,
    @Schema(
            type = SchemaType.INTEGER,
            minimum = "1",
            description = "Which version of the model; left out, the highest")
        @Nullable String version,
    @Schema(description = "The language of the label", examples = "zh") @Nullable String lang,
    @Schema(
            type = SchemaType.INTEGER,
            minimum = "0",
            description = "Which page of a TIFF image; left out, 0, which is the first")
        @Nullable String page)
    implements ImageRequestBody.Json<ExplainParameters> {

  static final String EXAMPLE =
      """
      {"image": {"b64": "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC"},
       "class": "daisy"}\
      """;

  @Override
  public ExplainParameters parameters() {
    return new ExplainParameters(ofClass, method, format, size, model, version, lang, page);
  }
}
