package dev.glimpse.batching;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;

/**
 * Holds one image's slot in a run of a graph: alone and at once, or in a batch and later. Write the
 * image's tensor into {@link #input}, then {@link #run} it. Used by one thread.
 */
public interface InferenceSlot extends AutoCloseable {

  /** Returns the memory of the image's tensor: direct, native order, position 0. */
  ByteBuffer input();

  /**
   * Runs the graph on the input, now or with other images' inputs. Call it once; do not write to
   * the input afterwards.
   *
   * @return completed here and now, or on the worker that runs the batch; fails with what the run
   *     fails with, or with a {@link dev.glimpse.failure.ServingException} if the request was
   *     cancelled
   */
  CompletionStage<BatchScores> run();

  /** Releases the slot, unless it is in a batch that is going to run. */
  @Override
  void close();
}
