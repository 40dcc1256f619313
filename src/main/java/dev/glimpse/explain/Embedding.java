package dev.glimpse.explain;

import dev.glimpse.metrics.Timing;

/**
 * Holds the vector that a classifier makes of an image, before its last layer.
 *
 * @param model the model that made it
 * @param version the model's version
 * @param vector not to be changed
 * @param timing how long each step took
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Embedding(String model, int version, float[] vector, Timing timing) {}
