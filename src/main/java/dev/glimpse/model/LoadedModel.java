package dev.glimpse.model;

/**
 * Holds a model and the scores that prove what its graph computes.
 *
 * @param model owned by the caller
 * @param scores the graph's output for the first image of {@link GraphWarmUp}; empty for a model
 *     that takes tensors only
 * @param log what is to be logged when the model is taken
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record LoadedModel(Model model, float[] scores, LoadLog log) {}
