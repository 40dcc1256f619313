package dev.glimpse.api.triton;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.glimpse.api.tensorjson.Datatype;
import dev.glimpse.engine.TensorSpec;
import dev.glimpse.model.Model;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Holds the part of Triton's model configuration that applies to models served here. */
@Schema(
    description = "A model, as Triton's configuration describes it",
    requiredProperties = {"name", "platform", "backend", "max_batch_size", "input", "output"})
public record ModelConfiguration(
    @Schema(description = "The model's name", examples = "flowers") String name,
    @Schema(description = "Always onnxruntime_onnx", examples = "onnxruntime_onnx") String platform,
    @Schema(description = "Always onnxruntime", examples = "onnxruntime") String backend,
    @JsonProperty("max_batch_size")
        @Schema(
            description =
                "For an image classifier with a dynamic batch dimension, how many images a request"
                    + " may hold; dims then leaves the batch dimension out. Otherwise 0",
            examples = "32")
        int maxBatchSize,
    @Schema(description = "The model's inputs") List<Input> input,
    @Schema(description = "The model's outputs") List<Output> output) {

  /** An input. */
  @Schema(
      name = "ModelConfigurationInput",
      description = "An input, as Triton's configuration describes it",
      requiredProperties = {"name", "data_type", "format", "dims"})
  public record Input(
      @Schema(description = "The tensor's name", examples = "pixel_values") String name,
      @JsonProperty("data_type")
          @Schema(description = "The type of its elements", examples = "TYPE_FP32")
          String dataType,
      @Schema(
              description = "FORMAT_NCHW or FORMAT_NHWC for images, otherwise FORMAT_NONE",
              examples = "FORMAT_NCHW")
          String format,
      @Schema(
              description = "Its dimensions; -1 where any size is accepted",
              examples = "[3, 160, 160]")
          List<Long> dims) {}

  /** An output. */
  @Schema(
      name = "ModelConfigurationOutput",
      description = "An output, as Triton's configuration describes it",
      requiredProperties = {"name", "data_type", "dims"})
  public record Output(
      @Schema(description = "The tensor's name", examples = "logits") String name,
      @JsonProperty("data_type")
          @Schema(description = "The type of its elements", examples = "TYPE_FP32")
          String dataType,
      @Schema(description = "Its dimensions; -1 where any size is accepted", examples = "[5]")
          List<Long> dims) {}

  /** A second dimension larger than this is a height, not a number of colour channels. */
  private static final long MOST_CHANNELS = 4;

  /**
   * Describes a model.
   *
   * @param maxImages how many images a request may hold
   */
  static ModelConfiguration of(Model model, int maxImages) {
    List<TensorSpec> all =
        Stream.concat(model.session().inputs().stream(), model.session().outputs().stream())
            .toList();
    boolean batches =
        model.classificationTask().isPresent()
            && all.stream().allMatch(tensor -> tensor.rank() > 0 && tensor.dimension(0) < 0);
    int first = batches ? 1 : 0;
    return new ModelConfiguration(
        model.name(),
        "onnxruntime_onnx",
        "onnxruntime",
        batches ? maxImages : 0,
        model.session().inputs().stream()
            .map(spec -> new Input(spec.name(), type(spec), format(spec, model), dims(spec, first)))
            .toList(),
        model.session().outputs().stream()
            .map(spec -> new Output(spec.name(), type(spec), dims(spec, first)))
            .toList());
  }

  private static String type(TensorSpec spec) {
    return "TYPE_"
        + Datatype.ofOnnx(spec.type())
            .map(type -> type == Datatype.BYTES ? "STRING" : type.name())
            .orElseGet(() -> spec.type().toUpperCase(Locale.ROOT));
  }

  private static String format(TensorSpec spec, Model model) {
    if (model.classificationTask().isEmpty() || !spec.equals(model.session().input())) {
      return "FORMAT_NONE";
    }
    long second = model.preprocessor().shape(64, 64)[1];
    return second <= MOST_CHANNELS ? "FORMAT_NCHW" : "FORMAT_NHWC";
  }

  private static List<Long> dims(TensorSpec spec, int first) {
    return spec.shape().subList(first, spec.rank());
  }
}
