package dev.glimpse.api.compat;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Describes Hugging Face's JSON for the OpenAPI document; {@link ImageBody} reads it. */
@Schema(
    name = "PictureRequest",
    description = "An image, as Hugging Face's clients send it in JSON")
record ImageRequest(
    @Schema(
            type = SchemaType.STRING,
            format = "byte",
            required = true,
            description = "An image file's bytes, in base64")
        String inputs,
    @Schema(description = "How to classify it") ImageParameters parameters) {

  static final String EXAMPLE =
      """
      {"inputs": "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC",
       "parameters": {"top_k": 2}}\
      """;

  /** Says how to classify the image. */
  @Schema(name = "PictureParameters", description = "How to classify an image")
  record ImageParameters(
      @JsonProperty("top_k")
          @Schema(
              description = "How many classes to name, all if there are fewer; left out, five",
              minimum = "1")
          int topK,
      @JsonProperty("function_to_apply")
          @Schema(
              description =
                  "The activation that turns the graph's output into scores; left out, the model's"
                      + " own",
              enumeration = {"softmax", "sigmoid", "none"})
          String functionToApply) {}
}
