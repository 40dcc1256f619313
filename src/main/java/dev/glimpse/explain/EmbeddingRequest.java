package dev.glimpse.explain;

import dev.glimpse.pipeline.ClassificationRequest;

/**
 * Asks for the vector that a classifier makes of an image.
 *
 * @param classification asks for the classes: of which image, by which model
 * @param normalized whether the vector is divided by its length
 */
public record EmbeddingRequest(ClassificationRequest classification, boolean normalized) {}
