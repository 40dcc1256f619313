package dev.glimpse.api.predict;

import dev.glimpse.BatchClassifier.Outcome;
import dev.glimpse.api.problem.Problem;
import dev.glimpse.api.problem.Problems;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Holds the results of several images, as JSON. */
@Schema(
    description = "The results of several images",
    requiredProperties = {"id", "results"})
public record BatchResponse(
    @Schema(
            description = "The request's id, as in X-Request-ID",
            examples = "0c2f9a4e-5c0e-4d3c-9c55-6d6f3a1b2c3d")
        String id,
    @Schema(description = "One for each image, in the order of the images") List<Result> results) {

  static final String EXAMPLE =
      """
      {"id": "0c2f9a4e-5c0e-4d3c-9c55-6d6f3a1b2c3d", "results": [
         {"id": "0c2f9a4e-5c0e-4d3c-9c55-6d6f3a1b2c3d", "model": "flowers", "version": "1",
          "predictions": [
            {"label": "daisy", "score": 0.97, "index": 0},
            {"label": "dandelion", "score": 0.02, "index": 1}],
          "timing": {"queue_ms": 0.05, "decode_ms": 1.2, "preprocess_ms": 0.4, "inference_ms": 3.9, "total_ms": 5.7}},
         {"type": "urn:glimpse:problem:unreadable-image", "title": "Unreadable image", "status": 422,
          "detail": "The bytes claim to be a JPEG image and cannot be decoded: truncated.",
          "id": "0c2f9a4e-5c0e-4d3c-9c55-6d6f3a1b2c3d"}]}\
      """;

  /** Holds the result of one image. */
  @Schema(
      description = "The classes of one image, or what is wrong with it; as /predict would respond",
      oneOf = {PredictResponse.class, Problem.class})
  public sealed interface Result {}

  /** Holds the classes of one image. */
  record Answered(PredictResponse answer) implements Result {}

  /** Says what is wrong with one image. */
  record Refused(Problem problem) implements Result {}

  static BatchResponse of(String id, List<Outcome> outcomes) {
    return new BatchResponse(id, outcomes.stream().map(outcome -> result(id, outcome)).toList());
  }

  private static Result result(String id, Outcome outcome) {
    if (outcome.result() != null) {
      return new Answered(PredictResponse.of(id, outcome.result()));
    }
    return new Refused(Problems.of(outcome.failure(), id));
  }
}
