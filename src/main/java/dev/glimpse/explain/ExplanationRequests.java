package dev.glimpse.explain;

import java.util.List;
import java.util.Optional;

/**
 * Asks for explanations of several images by one model.
 *
 * @param model the model's name; empty: the default model
 * @param version the model's version; empty: the highest
 * @param images at least one
 */
public record ExplanationRequests(
    Optional<String> model, Optional<Integer> version, List<ExplanationRequest> images) {}
