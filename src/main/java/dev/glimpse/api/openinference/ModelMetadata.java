package dev.glimpse.api.openinference;

import dev.glimpse.api.tensorjson.Datatype;
import dev.glimpse.engine.TensorSpec;
import dev.glimpse.model.Model;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Describes a model's inputs and outputs. */
@Schema(
    description = "A model's inputs and outputs",
    requiredProperties = {"name", "versions", "platform", "inputs", "outputs"})
public record ModelMetadata(
    @Schema(description = "The model's name", examples = "flowers") String name,
    @Schema(description = "The versions that are served, the lowest first", examples = "[\"1\"]")
        List<String> versions,
    @Schema(description = "The model's format", examples = "onnx_onnxv1") String platform,
    @Schema(description = "The model's inputs") List<TensorMetadata> inputs,
    @Schema(description = "The model's outputs") List<TensorMetadata> outputs) {

  /** A model's input or output. */
  @Schema(
      description = "A model's input or output",
      requiredProperties = {"name", "datatype", "shape"})
  public record TensorMetadata(
      @Schema(description = "The tensor's name", examples = "pixel_values") String name,
      @Schema(description = "The type of its elements", examples = "FP32") String datatype,
      @Schema(
              description = "Its dimensions; -1 where any size is accepted",
              examples = "[-1, 3, 160, 160]")
          List<Long> shape) {

    private static TensorMetadata of(TensorSpec spec) {
      String datatype = Datatype.ofOnnx(spec.type()).map(Datatype::name).orElse(spec.type());
      return new TensorMetadata(spec.name(), datatype, spec.shape());
    }
  }

  private static final String PLATFORM = "onnx_onnxv1";

  static ModelMetadata of(Model model, List<Model> versions) {
    return new ModelMetadata(
        model.name(),
        versions.stream().map(version -> Integer.toString(version.version())).toList(),
        PLATFORM,
        model.session().inputs().stream().map(TensorMetadata::of).toList(),
        model.session().outputs().stream().map(TensorMetadata::of).toList());
  }
}
