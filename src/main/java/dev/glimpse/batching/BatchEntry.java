package dev.glimpse.batching;

import dev.glimpse.workers.Permit;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Holds an image's slot in a batch, which does not run before all its entries are ready or closed.
 */
public final class BatchEntry implements InferenceSlot {

  private final Permit permit;
  private final int slot;
  private final ByteBuffer input;
  private final LongSupplier clock;
  private final Consumer<BatchEntry> onReady;
  private final Runnable onLeave;
  private final CompletableFuture<BatchScores> scores = new CompletableFuture<>();

  /** Written by one thread; published by the batcher's lock, as is the next. */
  private boolean settled;

  private long readySince;

  /**
   * Makes an entry.
   *
   * @param slot its number in the batch, from 0
   * @param onReady called once, when the input is written
   * @param onLeave called instead, if the input will never be written
   */
  BatchEntry(
      Permit permit,
      int slot,
      ByteBuffer input,
      LongSupplier clock,
      Consumer<BatchEntry> onReady,
      Runnable onLeave) {
    this.permit = permit;
    this.slot = slot;
    this.input = input;
    this.clock = clock;
    this.onReady = onReady;
    this.onLeave = onLeave;
  }

  @Override
  public ByteBuffer input() {
    return input.clear();
  }

  /** Returns the image's own scores when the batch has run, or its own failure. */
  @Override
  public CompletionStage<BatchScores> run() {
    settled = true;
    readySince = clock.getAsLong();
    onReady.accept(this);
    return scores;
  }

  /** Leaves the batch; does nothing if the image is ready. */
  @Override
  public void close() {
    if (!settled) {
      settled = true;
      onLeave.run();
    }
  }

  Permit permit() {
    return permit;
  }

  int slot() {
    return slot;
  }

  long readySince() {
    return readySince;
  }

  void complete(BatchScores result) {
    scores.complete(result);
  }

  void fail(Throwable why) {
    scores.completeExceptionally(why);
  }
}
