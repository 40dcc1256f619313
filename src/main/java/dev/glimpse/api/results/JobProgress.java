package dev.glimpse.api.results;

import dev.glimpse.results.JobState;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Says how far a job has come, as JSON. */
@Schema(
    description = "A request that is answered later, and how far it has come",
    requiredProperties = {"id", "status", "images", "answered"})
public record JobProgress(
    @Schema(description = "The result's id", examples = "Jq3tO0Xl0Hk1wq0mYt6W3g") String id,
    @Schema(
            description = "Always \"pending\": a finished job is its response",
            examples = "pending")
        String status,
    @Schema(description = "How many images the request holds", examples = "200") int images,
    @Schema(description = "How many of them have been answered", examples = "12") int answered) {

  static final String EXAMPLE =
      """
      {"id": "Jq3tO0Xl0Hk1wq0mYt6W3g", "status": "pending", "images": 200, "answered": 12}\
      """;

  private static final int IMAGES_PER_SECOND = 50;
  private static final int LONGEST_WAIT = 30;

  static JobProgress of(JobState state) {
    return new JobProgress(state.job().id(), "pending", state.job().images(), state.answered());
  }

  byte[] json() {
    return new JsonObject()
        .put("id", id)
        .put("status", status)
        .put("images", images)
        .put("answered", answered)
        .encode()
        .getBytes(StandardCharsets.UTF_8);
  }

  /** Returns a good time to look again, in seconds, by a usual rate of images. */
  int retryAfter() {
    return Math.min(1 + (images - answered) / IMAGES_PER_SECOND, LONGEST_WAIT);
  }
}
