package dev.glimpse.api.explain;

import dev.glimpse.api.predict.ImageRequestBody;
import dev.glimpse.api.predict.PredictRequest.ImageSource;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Holds an image to make a vector of, as JSON. */
@RegisterForReflection
@Schema(name = "EmbeddingRequest", description = "An image to make a vector of")
public record EmbedRequest(
    @NotNull(message = "must hold the image: {\"b64\": \"…\"}, or {\"url\": \"…\"}")
        @Valid
        @Schema(description = "The image", required = true)
        ImageSource image,
    @Schema(type = SchemaType.BOOLEAN, description = "Whether the vector is divided by its length")
        @Nullable String normalize,
    @Schema(description = "Which model to ask; left out, the default model", examples = "flowers")
        @Nullable String model,
    @Schema(
            type = SchemaType.INTEGER,
            minimum = "1",
            description = "Which version of the model; left out, the highest")
        @Nullable String version,
    @Schema(
            type = SchemaType.INTEGER,
            minimum = "0",
            description = "Which page of a TIFF image; left out, 0, which is the first")
        @Nullable String page)
    implements ImageRequestBody.Json<EmbedParameters> {

  static final String EXAMPLE =
      """
      {"image": {"b64": "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC"},
       "normalize": true}\
      """;

  @Override
  public EmbedParameters parameters() {
    return new EmbedParameters(normalize, model, version, page);
  }
}
