package dev.glimpse.model;

import dev.glimpse.batching.BatchScores;
import dev.glimpse.batching.InferenceSlot;
import dev.glimpse.engine.Runner;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/**
 * Runs one image alone, at once, on the calling thread.
 *
 * @param runner owned by this slot
 */
record RunnerSlot(Runner runner, LongSupplier clock) implements InferenceSlot {

  @Override
  public ByteBuffer input() {
    return runner.input();
  }

  @Override
  public CompletionStage<BatchScores> run() {
    long started = clock.getAsLong();
    float[] values = runner.run();
    return CompletableFuture.completedStage(
        new BatchScores(values, runner.vectors(), 0, clock.getAsLong() - started));
  }

  @Override
  public void close() {
    runner.close();
  }
}
