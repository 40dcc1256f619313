package dev.glimpse.batching;

/**
 * Holds what a run gave for one of its images.
 *
 * @param values the graph's output for this image
 * @param queueNanos from the image's being ready to the run
 * @param runNanos what the run took, for all of its images together
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record BatchScores(float[] values, long queueNanos, long runNanos) {}
