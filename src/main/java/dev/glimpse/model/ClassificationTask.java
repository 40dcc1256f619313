package dev.glimpse.model;

import dev.glimpse.batching.DynamicBatcher;
import dev.glimpse.postprocess.Activation;
import dev.glimpse.postprocess.ClassGroups;
import dev.glimpse.postprocess.DistanceTest;
import dev.glimpse.postprocess.Labels;
import dev.glimpse.postprocess.ScoreCalibration;
import dev.glimpse.preprocess.Preprocessor;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Holds what makes an image classifier of a graph.
 *
 * @param preprocessor turns pixels into the input tensor
 * @param activation turns the graph's output into probabilities
 * @param exclusive whether its probabilities are of classes that exclude each other, so that they
 *     add up to 1; otherwise each class has a probability of its own
 * @param labels the names of the classes
 * @param batcher runs images in batches; empty: each image is run alone
 * @param calibration how the output becomes scores, and when the model's files call a class
 *     uncertain
 * @param distance tells images that are unlike those of the classes; empty if the model's files
 *     have no such test
 * @param groups of classes, whose scores are added up
 * @param featureGraph the graph that explains its scores, opened on first use; owned; empty for a
 *     model that has no file to read again
 * @param digest of the files that it was loaded from; gives nothing if that is not known
 */
public record ClassificationTask(
    Preprocessor preprocessor,
    Activation activation,
    boolean exclusive,
    Labels labels,
    Optional<DynamicBatcher> batcher,
    ScoreCalibration calibration,
    Optional<DistanceTest> distance,
    ClassGroups groups,
    Optional<LazyFeatureGraph> featureGraph,
    Supplier<Optional<String>> digest) {}
