package dev.glimpse.batching;

/**
 * Holds what a run gave for one of its images.
 *
 * @param values the graph's output for this image
 * @param vector what enters the last linear layer for this image; empty if that is not exposed
 * @param queueNanos from the image's being ready to the run
 * @param runNanos what the run took, for all of its images together
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record BatchScores(float[] values, float[] vector, long queueNanos, long runNanos) {}
