package dev.glimpse.pipeline;

import dev.glimpse.metrics.Timing;
import dev.glimpse.postprocess.Classification;
import java.util.List;

/**
 * Says what an image shows.
 *
 * @param model the model that classified it
 * @param version the model's version
 * @param classifications best first
 * @param timing how long each step took
 * @param cached whether the image was classified for another request
 */
public record ClassificationResult(
    String model,
    int version,
    List<Classification> classifications,
    Timing timing,
    boolean cached) {}
