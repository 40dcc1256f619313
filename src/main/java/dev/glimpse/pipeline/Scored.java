package dev.glimpse.pipeline;

import dev.glimpse.metrics.Timing;

/**
 * What a graph made of a picture, and how long each step took, in nanoseconds.
 *
 * @param values the graph's output
 * @param offset what has to be added to the time now to get the time since the whole request's
 *     arrival
 * @param queue as in {@link Timing}, like the next three
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Scored(
    float[] values, long offset, long queue, long decode, long preprocess, long inference) {

  /** If the request has its answer now. */
  public Timing timing() {
    return new Timing(queue, decode, preprocess, inference, offset + System.nanoTime());
  }
}
