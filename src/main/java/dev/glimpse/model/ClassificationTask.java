package dev.glimpse.model;

import dev.glimpse.batching.DynamicBatcher;
import dev.glimpse.postprocess.Activation;
import dev.glimpse.postprocess.Labels;
import dev.glimpse.preprocess.Preprocessor;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Holds what makes an image classifier of a graph.
 *
 * @param preprocessor turns pixels into the input tensor
 * @param activation turns the graph's output into probabilities
 * @param labels the names of the classes
 * @param batcher runs images in batches; empty: each image is run alone
 * @param digest of the files that it was loaded from; gives nothing if that is not known
 */
public record ClassificationTask(
    Preprocessor preprocessor,
    Activation activation,
    Labels labels,
    Optional<DynamicBatcher> batcher,
    Supplier<Optional<String>> digest) {}
