package dev.glimpse.metrics;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Holds what the metrics show of a prediction.
 *
 * @param classes how many the model has
 * @param label the best class's, in the model's own language
 * @param score of the best class, 0 to 1; empty if it cannot be compared with those of other
 *     requests
 * @param margin the score less that of the second class; empty if either is not known
 * @param uncertain whether the model's files call the prediction uncertain; empty: they do not say
 */
public record Predicted(
    int classes,
    String label,
    OptionalDouble score,
    OptionalDouble margin,
    Optional<Boolean> uncertain) {}
