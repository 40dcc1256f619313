package dev.glimpse.api.live;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.glimpse.api.http.BodyJson;
import dev.glimpse.api.predict.PredictJson;
import dev.glimpse.api.predict.PredictResponse;
import dev.glimpse.api.problem.Problem;
import dev.glimpse.api.problem.Problems;
import dev.glimpse.failure.AsyncFailures;
import dev.glimpse.failure.ServingException;
import dev.glimpse.pipeline.ClassificationResult;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/**
 * Writes what a live connection answers: docs/asyncapi.yaml describes it. Written by hand, because
 * the serializers that are made at build time are for what JAX-RS resources return.
 */
final class LiveMessage {

  private static final JsonFactory FACTORY = BodyJson.factory().build();

  private LiveMessage() {}

  /**
   * Returns the answer to a frame, with the members of {@code POST /predict}'s.
   *
   * @param frame its number, from 0
   * @param skipped how many frames before it got no answer, because newer ones came
   * @param id the connection's
   */
  static String answer(int frame, int skipped, String id, ClassificationResult result) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      json.writeStartObject();
      json.writeNumberField("frame", frame);
      json.writeNumberField("skipped", skipped);
      PredictJson.writeMembers(PredictResponse.of(id, result), json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // into memory, nothing fails
    }
    return text.toString();
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
    return new JsonObject()
        .put("frame", frame)
        .put("skipped", skipped)
        .put("problem", json)
        .encode();
  }
}
