package dev.glimpse.api.explain;

import dev.glimpse.api.predict.PredictResponse;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Describes the answer for the OpenAPI document; {@link EmbedJson} writes it. */
@Schema(
    name = "Embedding",
    description = "The vector of an image",
    requiredProperties = {"id", "model", "version", "dimensions", "embedding", "timing"})
record EmbedResponse(
    @Schema(
            description = "The request's id, as in X-Request-ID",
            examples = "0c2f9a4e-5c0e-4d3c-9c55-6d6f3a1b2c3d")
        String id,
    @Schema(description = "The model that made it", examples = "flowers") String model,
    @Schema(description = "Its version", examples = "1") String version,
    @Schema(description = "How many numbers it has", examples = "3") int dimensions,
    @Schema(description = "What the model's last layer makes its scores of") List<Float> embedding,
    @Schema(description = "How long each step took, in milliseconds")
        PredictResponse.Timing timing) {

  static final String EXAMPLE =
      """
      {"id": "0c2f9a4e-5c0e-4d3c-9c55-6d6f3a1b2c3d", "model": "flowers", "version": "1",
       "dimensions": 3, "embedding": [0.6, 0.0, 0.8],
       "timing": {"queue_ms": 0.05, "decode_ms": 1.2, "preprocess_ms": 0.4, "inference_ms": 3.9, "total_ms": 5.7}}\
      """;
}
