package dev.glimpse.api.triton;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.glimpse.api.tensorjson.Datatype;
import dev.glimpse.engine.TensorSpec;
import dev.glimpse.model.Model;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What of Triton's configuration of a model can be said of one that is served here. */
@Schema(
    description = "A model in the words of Triton's configuration",
    requiredProperties = {"name", "platform", "backend", "max_batch_size", "input", "output"})
public record ModelConfiguration(
    @Schema(description = "The model's name", examples = "flowers") String name,
    @Schema(description = "Always onnxruntime_onnx", examples = "onnxruntime_onnx") String platform,
    @Schema(description = "Always onnxruntime", examples = "onnxruntime") String backend,
    @JsonProperty("max_batch_size")
        @Schema(
            description =
                "Of an image classifier with an open batch, how many pictures a request may hold;"
                    + " the dimensions are then without the batch. Otherwise 0",
            examples = "32")
        int maxBatchSize,
    @Schema(description = "What it takes") List<Input> input,
    @Schema(description = "What it gives") List<Output> output) {

  /** An input. */
  @Schema(
      name = "ModelConfigurationInput",
      description = "An input in the words of Triton's configuration",
      requiredProperties = {"name", "data_type", "format", "dims"})
  public record Input(
      @Schema(description = "The tensor's name", examples = "pixel_values") String name,
      @JsonProperty("data_type")
          @Schema(description = "The type of its elements", examples = "TYPE_FP32")
          String dataType,
      @Schema(
              description = "FORMAT_NCHW or FORMAT_NHWC of pictures, otherwise FORMAT_NONE",
              examples = "FORMAT_NCHW")
          String format,
      @Schema(
              description = "Its dimensions; -1 where any number will do",
              examples = "[3, 160, 160]")
          List<Long> dims) {}

  /** An output. */
  @Schema(
      name = "ModelConfigurationOutput",
      description = "An output in the words of Triton's configuration",
      requiredProperties = {"name", "data_type", "dims"})
  public record Output(
      @Schema(description = "The tensor's name", examples = "logits") String name,
      @JsonProperty("data_type")
          @Schema(description = "The type of its elements", examples = "TYPE_FP32")
          String dataType,
      @Schema(description = "Its dimensions; -1 where any number will do", examples = "[5]")
          List<Long> dims) {}

  /** More channels than these are no colours. */
  private static final long MOST_CHANNELS = 4;

  /**
   * What can be said of a model.
   *
   * @param maxPictures how many pictures a request may hold
   */
  static ModelConfiguration of(Model model, int maxPictures) {
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
        batches ? maxPictures : 0,
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
