package dev.glimpse.api.compat;

import dev.glimpse.pipeline.ClassificationResult;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Holds a class and its score, as Hugging Face's image classification returns them. */
@Schema(
    description = "A class and its score, as Hugging Face returns them",
    requiredProperties = {"label", "score"})
public record LabelScore(
    @Schema(description = "Its name", examples = "daisy") String label,
    @Schema(description = "Its probability, 0 to 1", examples = "0.97") float score) {

  static final String EXAMPLE =
      """
      [{"label": "daisy", "score": 0.97}, {"label": "dandelion", "score": 0.02}]\
      """;

  static List<LabelScore> of(ClassificationResult answer) {
    return answer.classifications().stream()
        .map(best -> new LabelScore(best.label(), best.score()))
        .toList();
  }
}
