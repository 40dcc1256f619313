package dev.glimpse.explain;

import dev.glimpse.pipeline.ClassificationRequest;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Asks which parts of an image a class's score comes from.
 *
 * @param classification asks for the classes: of which image, by which model
 * @param ofClass the class, by its index or its label; empty: the best one
 * @param method how to find out
 * @param pngSide the longer side of the map that is drawn over the image, in pixels; empty: only
 *     its numbers are wanted
 */
public record ExplanationRequest(
    ClassificationRequest classification,
    Optional<String> ofClass,
    Method method,
    OptionalInt pngSide) {}
