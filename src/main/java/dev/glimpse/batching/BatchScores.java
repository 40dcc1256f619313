package dev.glimpse.batching;

/**
 * What a run gave for one picture of its batch.
 *
 * @param values the graph's output for this picture
 * @param waited nanoseconds from the picture's being ready to the run
 * @param ran nanoseconds that the run took, which is the whole batch's
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record BatchScores(float[] values, long waited, long ran) {}
