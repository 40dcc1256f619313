package dev.glimpse.api.predict;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.glimpse.bytes.Bytes;
import dev.glimpse.failure.ServingException;
import dev.glimpse.pipeline.ClassificationRequest;
import dev.glimpse.remote.RemoteImages;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Holds an image and how to classify it, as JSON. Has another name in the OpenAPI document, as
 * TypeScript's clients give this one to the parameters of {@code predict}.
 */
@Schema(name = "PredictionRequest", description = "An image and how to classify it")
public record PredictRequest(
    @NotNull(message = "must hold the image: {\"b64\": \"…\"}, or {\"url\": \"…\"}")
        @Valid
        @Schema(description = "The image", required = true)
        ImageSource image,
    @JsonProperty("top_k")
        @Schema(
            type = SchemaType.INTEGER,
            minimum = "1",
            description =
                "How many classes to return, best first; left out, five, or all where there are"
                    + " fewer")
        @Nullable String topK,
    @Schema(description = "Which model to ask; left out, the default model", examples = "flowers")
        @Nullable String model,
    @Schema(
            type = SchemaType.INTEGER,
            minimum = "1",
            description = "Which version of the model; left out, the highest")
        @Nullable String version,
    @Schema(description = "The language of the labels", examples = "zh") @Nullable String lang,
    @Schema(
            type = SchemaType.INTEGER,
            minimum = "0",
            description = "Which page of a TIFF image; left out, 0, which is the first")
        @Nullable String page,
    @Schema(
            type = SchemaType.NUMBER,
            minimum = "0",
            maximum = "1",
            description =
                "The score of the best class below which the answer is uncertain; left out, as the"
                    + " model's files say")
        @Nullable String threshold,
    @Schema(
            description =
                "The only classes to name, by labels or indices, separated by commas; left out, all",
            examples = "daisy,roses")
        @Nullable String labels,
    @Schema(
            type = SchemaType.BOOLEAN,
            description = "Whether the scores of these labels add up to 1; left out, false")
        @Nullable String renormalize)
    implements ImageRequestBody.Json<PredictParameters> {

  public static final String EXAMPLE =
      """
      {"image": {"b64": "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC"},
       "top_k": 3, "lang": "en"}\
      """;

  /** Holds the image, or its URL. */
  @Schema(description = "The image's bytes, or its URL: one of the two")
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
              description = "The image file's URL; only if glimpse.url.enabled",
              examples = "https://example.com/daisy.jpg")
          @Nullable String url) {

    /**
     * Returns a request with this image; this must have been validated.
     *
     * @throws ServingException INVALID_PARAMETER if there is not exactly one image, or its URL may
     *     not be fetched
     */
    public ClassificationRequest into(ClassificationRequest common, RemoteImages remote) {
      if (b64 != null && url == null) {
        return common.withImage(Bytes.of(b64));
      }
      if (b64 == null && url != null) {
        return common.withRemoteImage(remote.at("image.url", url));
      }
      throw b64 == null
          ? ServingException.invalid("b64", "must hold the image's bytes in base64")
          : ServingException.invalid("image.url", "must not be sent together with image.b64");
    }
  }

  @Override
  public PredictParameters parameters() {
    return new PredictParameters(topK, model, version, lang, page, threshold, labels, renormalize);
  }
}
