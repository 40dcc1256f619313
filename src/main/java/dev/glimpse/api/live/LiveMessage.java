package dev.glimpse.api.live;

import dev.glimpse.api.problem.Problem;
import dev.glimpse.api.problem.Problems;
import dev.glimpse.failure.AsyncFailures;
import dev.glimpse.failure.ServingException;
import dev.glimpse.metrics.Timing;
import dev.glimpse.pipeline.ClassificationResult;
import dev.glimpse.postprocess.Classification;
import dev.glimpse.postprocess.GroupScore;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * Writes what a live connection answers: docs/asyncapi.yaml describes it. Written by hand, because
 * the serializers that are made at build time are for what JAX-RS resources return.
 */
final class LiveMessage {

  private LiveMessage() {}

  /**
   * Returns the answer to a frame, with the members of {@code POST /predict}'s.
   *
   * @param frame its number, from 0
   * @param skipped how many frames before it got no answer, because newer ones came
   * @param id the connection's
   */
  static String answer(int frame, int skipped, String id, ClassificationResult result) {
    JsonObject json =
        head(frame, skipped)
            .put("id", id)
            .put("model", result.model())
            .put("version", Integer.toString(result.version()))
            .put("predictions", predictions(result));
    result
        .answer()
        .uncertainty()
        .ifPresent(why -> json.put("uncertain", true).put("uncertain_reason", why.code()));
    if (!result.answer().groups().isEmpty()) {
      json.put("groups", groups(result));
    }
    if (result.cached()) {
      json.put("cached", true);
    }
    return json.put("timing", timing(result.timing())).encode();
  }

  /** Returns why a frame has no answer; an unexpected failure reveals nothing, and is logged. */
  static String problem(int frame, int skipped, String id, Throwable failure) {
    Problem problem = Problems.of(failure, id);
    JsonObject json =
        new JsonObject()
            .put("type", problem.type())
            .put("title", problem.title())
            .put("status", problem.status())
            .put("detail", problem.detail())
            .put("id", problem.id());
    if (AsyncFailures.cause(failure) instanceof ServingException refused
        && refused.failure().retryable()) {
      json.put("retry_after", refused.retryAfter().orElse(1));
    }
    return head(frame, skipped).put("problem", json).encode();
  }

  private static JsonObject head(int frame, int skipped) {
    return new JsonObject().put("frame", frame).put("skipped", skipped);
  }

  private static JsonArray predictions(ClassificationResult result) {
    JsonArray all = new JsonArray();
    for (Classification one : result.classifications()) {
      JsonObject json = new JsonObject().put("label", one.label());
      if (one.name() != null) {
        json.put("name", one.name());
      }
      all.add(json.put("score", one.score()).put("index", one.index()));
    }
    return all;
  }

  private static JsonArray groups(ClassificationResult result) {
    JsonArray all = new JsonArray();
    for (GroupScore one : result.answer().groups()) {
      all.add(new JsonObject().put("label", one.label()).put("score", one.score()));
    }
    return all;
  }

  private static JsonObject timing(Timing timing) {
    return new JsonObject()
        .put("queue_ms", millis(timing.queue()))
        .put("decode_ms", millis(timing.decode()))
        .put("preprocess_ms", millis(timing.preprocess()))
        .put("inference_ms", millis(timing.inference()))
        .put("total_ms", millis(timing.total()));
  }

  /** To a thousandth, as in other answers. */
  private static double millis(long nanos) {
    return Math.round(nanos / 1e3) / 1e3;
  }
}
