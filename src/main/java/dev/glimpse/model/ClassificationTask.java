package dev.glimpse.model;

import dev.glimpse.batching.DynamicBatcher;
import dev.glimpse.postprocess.Activation;
import dev.glimpse.postprocess.Labels;
import dev.glimpse.preprocess.Preprocessor;
import java.util.Optional;

/**
 * What makes an image classifier of a graph.
 *
 * @param preprocessor pixels to its input tensor
 * @param activation its scores to probabilities
 * @param labels the names of its classes
 * @param batcher runs pictures together; empty: each is run alone
 */
public record ClassificationTask(
    Preprocessor preprocessor,
    Activation activation,
    Labels labels,
    Optional<DynamicBatcher> batcher) {}
