package dev.glimpse.api.predict;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.glimpse.failure.ServingException;
import dev.glimpse.pipeline.ClassificationRequest;
import dev.glimpse.remote.RemoteImages;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A picture and what is asked of it, as JSON. Has another name in the OpenAPI document, as
 * TypeScript's clients give this one to the parameters of {@code predict}.
 */
@Schema(name = "PredictionRequest", description = "A picture and what is asked of it")
public record PredictRequest(
    @NotNull(message = "must hold the picture: {\"b64\": \"…\"}, or {\"url\": \"…\"}")
        @Valid
        @Schema(description = "The picture", required = true)
        ImageSource image,
    @JsonProperty("top_k")
        @Schema(
            type = SchemaType.INTEGER,
            minimum = "1",
            description =
                "How many classes to name, best first; left out, five, or all where there are"
                    + " fewer")
        @Nullable String topK,
    @Schema(description = "Which model to ask; left out, the default model", examples = "flowers")
        @Nullable String model,
    @Schema(
            type = SchemaType.INTEGER,
            minimum = "1",
            description = "Which version of the model; left out, the highest")
        @Nullable String version,
    @Schema(description = "The language of the labels", examples = "zh") @Nullable String lang) {

  static final String EXAMPLE =
      """
      {"image": {"b64": "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC"},
       "top_k": 3, "lang": "en"}\
      """;

  /** Where the picture is. */
  @Schema(description = "The picture's bytes, or where they are: one of the two")
  @SuppressWarnings("ArrayRecordComponent") // megabytes that are never compared
  public record ImageSource(
      @Schema(
              type = SchemaType.STRING,
              format = "byte",
              description = "An image file's bytes, in base64")
          byte @Nullable [] b64,
      @Schema(
              type = SchemaType.STRING,
              format = "uri",
              maxLength = 2048,
              description = "Where the image file is; only if glimpse.url.enabled",
              examples = "https://example.com/daisy.jpg")
          @Nullable String url) {}

  /**
   * Makes the request with its image; this must be valid.
   *
   * @throws ServingException INVALID_PARAMETER if there is not one picture, or none that is fetched
   */
  ClassificationRequest request(ClassificationRequest common, RemoteImages remote) {
    byte[] bytes = image.b64();
    String url = image.url();
    if (bytes != null && url == null) {
      return common.withImage(bytes);
    }
    if (bytes == null && url != null) {
      return common.withRemoteImage(remote.at("image.url", url));
    }
    throw bytes == null
        ? ServingException.invalid("b64", "must hold the picture's bytes in base64")
        : ServingException.invalid("image.url", "must not be there beside image.b64");
  }

  PredictParameters parameters() {
    return new PredictParameters(topK, model, version, lang);
  }
}
