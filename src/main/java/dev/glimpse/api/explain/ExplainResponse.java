package dev.glimpse.api.explain;

import dev.glimpse.api.predict.PredictResponse;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Describes the answer for the OpenAPI document; {@link ExplainJson} writes it. */
@Schema(
    name = "Explanation",
    description = "Which parts of an image a class's score comes from",
    requiredProperties = {
      "id",
      "model",
      "version",
      "explained",
      "method",
      "runs",
      "map",
      "window",
      "timing"
    })
record ExplainResponse(
    @Schema(
            description = "The request's id, as in X-Request-ID",
            examples = "0c2f9a4e-5c0e-4d3c-9c55-6d6f3a1b2c3d")
        String id,
    @Schema(description = "The model whose score it is", examples = "flowers") String model,
    @Schema(description = "Its version", examples = "1") String version,
    @Schema(description = "The class, with its score") PredictResponse.Prediction explained,
    @Schema(description = "How it was found out: cam, occlusion or rise", examples = "cam")
        String method,
    @Schema(description = "How often the model ran on the image", examples = "1") int runs,
    @Schema(description = "The map, over the window") Grid map,
    @Schema(description = "What the model saw of the upright image") Window window,
    @Schema(description = "How long each step took, in milliseconds")
        PredictResponse.Timing timing) {

  static final String EXAMPLE =
      """
      {"id": "0c2f9a4e-5c0e-4d3c-9c55-6d6f3a1b2c3d", "model": "flowers", "version": "1",
       "explained": {"label": "daisy", "score": 0.97, "index": 0},
       "method": "cam", "runs": 1,
       "map": {"width": 2, "height": 2, "values": [0.5, 3.25, 0.75, 8.5]},
       "window": {"left": 0.125, "top": 0.0, "right": 0.875, "bottom": 1.0},
       "timing": {"queue_ms": 0.05, "decode_ms": 1.2, "preprocess_ms": 0.4, "inference_ms": 3.9, "total_ms": 5.7}}\
      """;

  /** A number for each part. */
  @Schema(
      name = "ExplanationMap",
      description =
          "A number for each part of the window, which are equal rectangles: the larger, the more it"
              + " speaks for the class",
      requiredProperties = {"width", "height", "values"})
  record Grid(
      @Schema(description = "Parts side by side", examples = "5") int width,
      @Schema(description = "Parts below each other", examples = "5") int height,
      @Schema(
              description =
                  "Row by row from the top left. Of cam, their mean and the class's bias add up to"
                      + " its logit")
          List<Float> values) {}

  /** What the model saw. */
  @Schema(
      name = "ExplanationWindow",
      description =
          "What the model saw of the upright image, as fractions of its width and height; below 0 and"
              + " above 1 it saw padding",
      requiredProperties = {"left", "top", "right", "bottom"})
  record Window(
      @Schema(description = "Left edge", examples = "0.125") double left,
      @Schema(description = "Top edge", examples = "0") double top,
      @Schema(description = "Right edge", examples = "0.875") double right,
      @Schema(description = "Bottom edge", examples = "1") double bottom) {}
}
