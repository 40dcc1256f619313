package dev.glimpse.model;

import dev.glimpse.batching.DynamicBatcher;
import dev.glimpse.postprocess.Activation;
import dev.glimpse.postprocess.Labels;
import dev.glimpse.preprocess.Preprocessor;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Supplier;

/**
 * Holds what makes an image classifier of a graph.
 *
 * @param preprocessor turns pixels into the input tensor
 * @param activation turns the graph's output into probabilities
 * @param labels the names of the classes
 * @param batcher runs images in batches; empty: each image is run alone
 * @param uncertainBelow the score of the best class below which the model's files call a prediction
 *     uncertain, above 0, 1 at most; empty: they do not say
 * @param features what explains its scores, opened when it is first asked for; owned; empty for a
 *     model that has no file to read again
 * @param digest of the files that it was loaded from; gives nothing if that is not known
 */
public record ClassificationTask(
    Preprocessor preprocessor,
    Activation activation,
    Labels labels,
    Optional<DynamicBatcher> batcher,
    OptionalDouble uncertainBelow,
    Optional<Features> features,
    Supplier<Optional<String>> digest) {}
