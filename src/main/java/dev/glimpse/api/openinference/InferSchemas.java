package dev.glimpse.api.openinference;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.glimpse.api.tensorjson.Datatype;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Describes the bodies of {@code infer} for the OpenAPI document; {@link InferBody} reads them. */
final class InferSchemas {

  static final String REQUEST_EXAMPLE =
      """
      {"id": "42", "inputs": [
         {"name": "pixel_values", "datatype": "BYTES", "shape": [1],
          "data": ["iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC"]}],
       "outputs": [{"name": "logits", "parameters": {"classification": 2}}]}\
      """;

  static final String RESPONSE_EXAMPLE =
      """
      {"model_name": "flowers", "model_version": "1", "id": "42", "outputs": [
         {"name": "logits", "datatype": "BYTES", "shape": [1, 2],
          "data": ["7.41:0:daisy", "1.73:1:dandelion"]}]}\
      """;

  private InferSchemas() {}

  /** Describes a request. */
  @Schema(description = "Tensors, and which outputs to return")
  record InferenceRequest(
      @Schema(description = "Returned in the response", examples = "42") String id,
      @Schema(
              description =
                  "\"binary_data_output\": true requests the outputs in binary, after the JSON",
              type = SchemaType.OBJECT)
          Map<String, Object> parameters,
      @Schema(description = "One for each of the model's inputs", required = true, minItems = 1)
          List<RequestInput> inputs,
      @Schema(description = "The outputs to return; left out, all") List<RequestOutput> outputs) {}

  /** An input. */
  @Schema(description = "A tensor for one of the model's inputs")
  record RequestInput(
      @Schema(description = "The input's name", required = true, examples = "pixel_values")
          String name,
      @Schema(
              description = "The tensor's dimensions",
              required = true,
              examples = "[1]",
              maxItems = 8)
          List<Long> shape,
      @Schema(description = "The type of its elements", required = true, examples = "BYTES")
          Datatype datatype,
      @Schema(
              description =
                  "\"binary_data_size\": how many bytes after the JSON are this tensor's, in place"
                      + " of \"data\"",
              type = SchemaType.OBJECT)
          Map<String, Object> parameters,
      @Schema(
              description =
                  "Its elements, row-major, flat or nested as the shape is; images in base64",
              type = SchemaType.ARRAY,
              implementation = Object.class)
          List<Object> data) {}

  /** Describes a requested output. */
  @Schema(description = "A requested output")
  record RequestOutput(
      @Schema(
              description =
                  "The output's name; \"embedding\": the vectors of which an image classifier makes"
                      + " its scores",
              required = true,
              examples = "logits")
          String name,
      @Schema(
              description =
                  "\"binary_data\": whether to return it in binary, after the JSON;"
                      + " \"classification\": how many of the best classes to return in its place",
              type = SchemaType.OBJECT)
          Map<String, Object> parameters) {}

  /** Describes a response. */
  @Schema(
      description = "The model's outputs",
      requiredProperties = {"model_name", "model_version", "outputs"})
  record InferenceResponse(
      @JsonProperty("model_name") @Schema(description = "The model that ran", examples = "flowers")
          String modelName,
      @JsonProperty("model_version") @Schema(description = "Its version", examples = "1")
          String modelVersion,
      @Schema(description = "The request's id, if it has one", examples = "42") String id,
      @Schema(description = "In the order in which they were requested")
          List<ResponseOutput> outputs) {}

  /** An output. */
  @Schema(
      description = "An output",
      requiredProperties = {"name", "shape", "datatype"})
  record ResponseOutput(
      @Schema(description = "The output's name", examples = "logits") String name,
      @Schema(description = "Its dimensions", examples = "[1, 2]") List<Long> shape,
      @Schema(description = "The type of its elements", examples = "BYTES") Datatype datatype,
      @Schema(description = "\"binary_data_size\", in place of \"data\"", type = SchemaType.OBJECT)
          Map<String, Object> parameters,
      @Schema(
              description = "Its elements, row-major and flat",
              type = SchemaType.ARRAY,
              implementation = Object.class)
          List<Object> data) {}
}
