package dev.glimpse.model;

import dev.glimpse.image.ImageFacts;
import java.util.Optional;

/**
 * Holds what a model's graph gave for an image, and how long each step took, in nanoseconds.
 *
 * @param values the graph's output
 * @param vector what enters the graph's last linear layer; empty unless the model's files have a
 *     distance test
 * @param batchQueueNanos the wait for the batch to run; 0 if the image ran alone
 * @param inferenceNanos the run, which is the whole batch's
 * @param image what its file says of it
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ImageScores(
    float[] values,
    float[] vector,
    long decodeNanos,
    long preprocessNanos,
    long batchQueueNanos,
    long inferenceNanos,
    Optional<ImageFacts> image) {}
