package dev.glimpse.api.compat;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Hugging Face's JSON, for the OpenAPI document; {@link ImageBody} reads it. */
@Schema(
    name = "PictureRequest",
    description = "A picture, as Hugging Face's clients send it in JSON")
record ImageRequest(
    @Schema(
            type = SchemaType.STRING,
            format = "byte",
            required = true,
            description = "An image file's bytes, in base64")
        String inputs,
    @Schema(description = "What is asked of it") PictureParameters parameters) {

  static final String EXAMPLE =
      """
      {"inputs": "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC",
       "parameters": {"top_k": 2}}\
      """;

  /** What is asked of it. */
  @Schema(description = "What is asked of a picture")
  record PictureParameters(
      @JsonProperty("top_k")
          @Schema(
              description = "How many classes to name, all if there are fewer; left out, five",
              minimum = "1")
          int topK,
      @JsonProperty("function_to_apply")
          @Schema(
              description =
                  "What makes scores of the graph's output; left out, what suits the model",
              enumeration = {"softmax", "sigmoid", "none"})
          String functionToApply) {}
}
