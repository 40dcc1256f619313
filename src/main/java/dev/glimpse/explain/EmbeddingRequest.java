package dev.glimpse.explain;

import dev.glimpse.pipeline.ClassificationRequest;

/**
 * Asks for the vector that a classifier makes of an image.
 *
 * @param image the image and the model
 * @param normalized whether the vector is divided by its length
 */
public record EmbeddingRequest(ClassificationRequest image, boolean normalized) {}
