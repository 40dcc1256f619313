package dev.glimpse.api.predict;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.glimpse.pipeline.ClassificationResult;
import dev.glimpse.postprocess.Classification;
import dev.glimpse.postprocess.Uncertainty;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Holds the classes of an image, as JSON. */
@Schema(
    description = "What is in the image",
    requiredProperties = {"id", "model", "version", "predictions", "timing"})
public record PredictResponse(
    @Schema(
            description = "The request's id, as in X-Request-ID",
            examples = "0c2f9a4e-5c0e-4d3c-9c55-6d6f3a1b2c3d")
        String id,
    @Schema(description = "The model that says so", examples = "flowers") String model,
    @Schema(description = "Its version", examples = "1") String version,
    @Schema(description = "What the image may show, best first") List<Prediction> predictions,
    @Schema(
            description =
                "Whether the best class is not to be trusted; left out if it is, or if the model's"
                    + " files do not tell")
        boolean uncertain,
    @JsonProperty("uncertain_reason")
        @Schema(
            description =
                "Why the best class is not to be trusted; left out if it is. Further reasons may be"
                    + " added",
            examples = "low_score")
        @Nullable String uncertainReason,
    @Schema(
            description =
                "Groups of classes, best first, as many as classes at most; left out if the model"
                    + " has none")
        List<Group> groups,
    @Schema(
            description =
                "Whether the answer is that to an equal request before, or at the same time; left"
                    + " out if not. Its steps take no time then")
        boolean cached,
    @Schema(description = "How long each step took, in milliseconds") Timing timing) {

  static final String EXAMPLE =
      """
      {"id": "0c2f9a4e-5c0e-4d3c-9c55-6d6f3a1b2c3d", "model": "flowers", "version": "1",
       "predictions": [
         {"label": "daisy", "score": 0.97, "index": 0},
         {"label": "dandelion", "score": 0.02, "index": 1}],
       "timing": {"queue_ms": 0.05, "decode_ms": 1.2, "preprocess_ms": 0.4, "inference_ms": 3.9, "total_ms": 5.7}}\
      """;

  /** One class that the image may show. */
  @Schema(
      description = "One class that the image may show",
      requiredProperties = {"label", "score", "index"})
  public record Prediction(
      @Schema(description = "The class's name in the asked language", examples = "daisy")
          String label,
      @Schema(
              description =
                  "The model's own label, to compare by; left out where \"label\" is that",
              examples = "daisy")
          @Nullable String name,
      @Schema(description = "Its probability, 0 to 1", examples = "0.97") float score,
      @Schema(description = "Its place in the model's output, from 0", examples = "0") int index) {

    /** Returns a class as it is written. */
    public static Prediction of(Classification one) {
      return new Prediction(one.label(), one.name(), one.score(), one.index());
    }
  }

  /** A group of classes that the image may show. */
  @Schema(
      name = "PredictionGroup",
      description = "A group of classes that the image may show",
      requiredProperties = {"label", "score"})
  public record Group(
      @Schema(description = "The group's name", examples = "dog") String label,
      @Schema(description = "The sum of its classes' scores, 0 to 1", examples = "0.98")
          float score) {}

  /** How long each step took, in milliseconds. */
  @Schema(
      description = "How long each step took, in milliseconds",
      requiredProperties = {"queue_ms", "decode_ms", "preprocess_ms", "inference_ms", "total_ms"})
  public record Timing(
      @JsonProperty("queue_ms")
          @Schema(
              description = "Waiting for a worker, and for others where images are run together")
          double queueMs,
      @JsonProperty("decode_ms") @Schema(description = "Decoding the image") double decodeMs,
      @JsonProperty("preprocess_ms") @Schema(description = "Making the input tensor of it")
          double preprocessMs,
      @JsonProperty("inference_ms") @Schema(description = "Running the model") double inferenceMs,
      @JsonProperty("total_ms")
          @Schema(description = "All of it, from the whole request's arrival to the answer")
          double totalMs) {

    /** Returns times as they are written: in milliseconds, to a thousandth. */
    public static Timing of(dev.glimpse.metrics.Timing nanos) {
      return new Timing(
          millis(nanos.queue()),
          millis(nanos.decode()),
          millis(nanos.preprocess()),
          millis(nanos.inference()),
          millis(nanos.total()));
    }

    private static double millis(long nanos) {
      return Math.round(nanos / 1e3) / 1e3;
    }
  }

  /** Returns the response to a request with this id. */
  public static PredictResponse of(String id, ClassificationResult answer) {
    return new PredictResponse(
        id,
        answer.model(),
        Integer.toString(answer.version()),
        answer.classifications().stream().map(Prediction::of).toList(),
        answer.answer().uncertainty().isPresent(),
        answer.answer().uncertainty().map(Uncertainty::code).orElse(null),
        answer.answer().groups().stream().map(g -> new Group(g.label(), g.score())).toList(),
        answer.cached(),
        Timing.of(answer.timing()));
  }
}
