package dev.glimpse.api.predict;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.constraints.NotEmpty;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Holds several images and how to classify them, as JSON. */
@RegisterForReflection
@Schema(description = "Several images and how to classify them")
public record BatchRequest(
    @NotEmpty(message = "must hold at least one image: [{\"b64\": \"…\"}], or [{\"url\": \"…\"}]")
        @Schema(description = "The images", required = true, minItems = 1)
        List<@Nullable Picture> images,
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
            description = "Which page of each TIFF image; left out, 0, which is the first")
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
        @Nullable String renormalize) {

  static final String EXAMPLE =
      """
      {"images": [
         {"b64": "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC"},
         {"b64": "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC"}],
       "top_k": 3, "lang": "en"}\
      """;

  /** Holds an image as text, so that one with invalid base64 does not fail the others. */
  @RegisterForReflection
  @Schema(description = "An image's bytes, or its URL: one of the two")
  public record Picture(
      @Schema(
              type = SchemaType.STRING,
              format = "byte",
              description = "An image file's bytes, in base64")
          @Nullable String b64,
      @Schema(
              type = SchemaType.STRING,
              format = "uri",
              maxLength = 2048,
              description = "The image file's URL; only if glimpse.url.enabled",
              examples = "https://example.com/daisy.jpg")
          @Nullable String url,
      @Schema(
              type = SchemaType.INTEGER,
              minimum = "0",
              description =
                  "Which page of it, if it is a TIFF image; left out, that of the request")
          @Nullable String page) {}

  PredictParameters parameters() {
    return new PredictParameters(topK, model, version, lang, page, threshold, labels, renormalize);
  }
}
