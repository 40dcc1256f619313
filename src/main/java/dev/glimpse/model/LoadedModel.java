package dev.glimpse.model;

/**
 * Holds a model and the scores that prove what its graph computes.
 *
 * @param model owned by the caller
 * @param scores the graph's output for the first image of {@link GraphWarmUp}; empty for a model
 *     that takes tensors only
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record LoadedModel(Model model, float[] scores) {}
