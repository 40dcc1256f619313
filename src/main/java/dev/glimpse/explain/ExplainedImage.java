package dev.glimpse.explain;

import dev.glimpse.metrics.Timing;
import java.util.Optional;

/**
 * Answers a request for an explanation.
 *
 * @param model the model whose score is explained
 * @param version the model's version
 * @param explanation which parts of the image the score comes from
 * @param png the map over the image, as a PNG file; empty if it was not asked for
 * @param timing how long each step took
 * @param language of the label; empty if the model has labels in one language only
 */
public record ExplainedImage(
    String model,
    int version,
    Explanation explanation,
    Optional<byte[]> png,
    Timing timing,
    Optional<String> language) {}
