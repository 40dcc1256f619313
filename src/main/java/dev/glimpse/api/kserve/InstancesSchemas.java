package dev.glimpse.api.kserve;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Describes the bodies of V1 for the OpenAPI document; {@link InstancesBody} reads them. */
final class InstancesSchemas {

  static final String REQUEST_EXAMPLE =
      """
      {"instances": [
         {"b64": "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC"}],
       "parameters": {"top_k": 2}}\
      """;

  static final String RESPONSE_EXAMPLE =
      """
      {"predictions": [
         [{"label": "daisy", "score": 0.97, "index": 0},
          {"label": "dandelion", "score": 0.02, "index": 1}]]}\
      """;

  static final String EXPLANATIONS_EXAMPLE =
      """
      {"predictions": [[{"label": "daisy", "score": 0.97, "index": 0}]],
       "explanations": [
         {"explained": {"label": "daisy", "score": 0.97, "index": 0},
          "method": "cam", "runs": 1,
          "map": {"width": 2, "height": 2, "values": [0.5, 3.25, 0.75, 8.5]},
          "window": {"left": 0.125, "top": 0.0, "right": 0.875, "bottom": 1.0}}]}\
      """;

  private InstancesSchemas() {}

  /** Instances. */
  @Schema(description = "Instances, and how to classify each")
  record InstancesRequest(
      @Schema(
              description = "All images, or all tensors without their first dimension",
              required = true,
              minItems = 1,
              type = SchemaType.ARRAY,
              implementation = Object.class)
          List<Object> instances,
      @Schema(description = "How to classify each") InstancesParameters parameters) {}

  /** What is asked of each instance. */
  @Schema(description = "How to classify each instance")
  record InstancesParameters(
      @JsonProperty("top_k")
          @Schema(
              description = "For images: how many classes to return; left out, five",
              minimum = "1",
              examples = "2")
          int topK) {}

  /** Predictions. */
  @Schema(description = "A prediction for each instance", requiredProperties = "predictions")
  record InstancesResponse(
      @Schema(
              description =
                  "For an image its best classes, for a tensor its row of the outputs, by name if"
                      + " there are several",
              type = SchemaType.ARRAY,
              implementation = Object.class)
          List<Object> predictions) {}

  /** Explanations. */
  @Schema(
      description = "A prediction and an explanation for each instance",
      requiredProperties = {"predictions", "explanations"})
  record ExplanationsResponse(
      @Schema(
              description = "The best classes of each image",
              type = SchemaType.ARRAY,
              implementation = Object.class)
          List<Object> predictions,
      @Schema(
              description = "What POST /explain answers for each image, without id and timing",
              type = SchemaType.ARRAY,
              implementation = Object.class)
          List<Object> explanations) {}
}
