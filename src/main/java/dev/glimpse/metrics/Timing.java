package dev.glimpse.metrics;

/**
 * Holds how long each step of a request took, in nanoseconds. Where images are run in a batch,
 * {@code queue} includes the wait for the batch, and {@code inference} is the whole batch's.
 *
 * @param total the steps and what is between them
 */
public record Timing(long queue, long decode, long preprocess, long inference, long total) {}
