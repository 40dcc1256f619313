package dev.glimpse.api.triton;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.glimpse.metrics.VersionStatistics;
import dev.glimpse.metrics.VersionStatistics.Sum;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Holds Triton's statistics of versions of models. */
@Schema(
    description = "Statistics of versions of models",
    requiredProperties = {"model_stats"})
public record ModelStatistics(
    @JsonProperty("model_stats") @Schema(description = "One element for each version")
        List<Version> modelStats) {

  /** What has been counted of a version since it was loaded. */
  @Schema(
      name = "VersionStatistics",
      description = "Statistics of a version of a model since it was loaded",
      requiredProperties = {
        "name",
        "version",
        "last_inference",
        "inference_count",
        "execution_count",
        "inference_stats",
        "batch_stats"
      })
  public record Version(
      @Schema(description = "The model's name", examples = "flowers") String name,
      @Schema(description = "The version's number", examples = "1") String version,
      @JsonProperty("last_inference")
          @Schema(
              description = "When its graph last ran, in milliseconds since 1970; 0: never",
              examples = "1780000000000")
          long lastInference,
      @JsonProperty("inference_count")
          @Schema(
              description = "Images, and requests of tensors, that its graph was run for",
              examples = "120")
          long inferenceCount,
      @JsonProperty("execution_count")
          @Schema(description = "Runs of its graph for them; a batch is one", examples = "40")
          long executionCount,
      @JsonProperty("inference_stats") @Schema(description = "Where the time went")
          Times inferenceStats,
      @JsonProperty("batch_stats")
          @Schema(description = "Always empty: times are not kept for each size of a batch")
          List<Times> batchStats) {

    static Version of(String name, String version, VersionStatistics counted) {
      return new Version(
          name,
          version,
          counted.lastRun(),
          counted.inference().count(),
          counted.runs(),
          new Times(
              Duration.of(counted.succeeded()),
              new Duration(counted.failed(), 0),
              Duration.of(counted.queue()),
              Duration.of(counted.input()),
              Duration.of(counted.inference()),
              new Duration(0, 0)),
          List.of());
    }
  }

  /** Where the time went. */
  @Schema(
      name = "InferenceTimes",
      description = "Where the time of a version's requests went",
      requiredProperties = {
        "success",
        "fail",
        "queue",
        "compute_input",
        "compute_infer",
        "compute_output"
      })
  public record Times(
      @Schema(
              description =
                  "Requests that succeeded, and the times of their images and tensors from arrival"
                      + " to response")
          Duration success,
      @Schema(description = "Requests that failed, whose time is not measured") Duration fail,
      @Schema(description = "In the queue, and in a batch before its run") Duration queue,
      @JsonProperty("compute_input")
          @Schema(description = "To decode images, and to compute the input tensors of them")
          Duration computeInput,
      @JsonProperty("compute_infer") @Schema(description = "In ONNX Runtime") Duration computeInfer,
      @JsonProperty("compute_output") @Schema(description = "Not measured: always 0")
          Duration computeOutput) {}

  /** Some times. */
  @Schema(
      name = "StatisticDuration",
      description = "How many times were measured, and their sum",
      requiredProperties = {"count", "ns"})
  public record Duration(
      @Schema(description = "How many", examples = "120") long count,
      @Schema(description = "Their sum in nanoseconds", examples = "840000000") long ns) {

    private static Duration of(Sum sum) {
      return new Duration(sum.count(), sum.nanos());
    }
  }
}
