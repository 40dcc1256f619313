package dev.glimpse.batching;

import dev.glimpse.workers.Permit;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/**
 * A picture's place in a batch. Whoever has it writes the picture's tensor into it and says that it
 * is ready, or closes it; the batch is not run before that.
 */
public final class BatchEntry implements AutoCloseable {

  private final DynamicBatcher batcher;
  private final Batch batch;
  private final Permit permit;
  private final int place;
  private final ByteBuffer input;
  private final LongSupplier clock;
  private final CompletableFuture<BatchScores> scores = new CompletableFuture<>();

  /** Written by one thread; handed on with the batcher's lock. */
  private boolean settled;

  private long readySince;

  BatchEntry(
      DynamicBatcher batcher,
      Batch batch,
      Permit permit,
      int place,
      ByteBuffer input,
      LongSupplier clock) {
    this.batcher = batcher;
    this.batch = batch;
    this.permit = permit;
    this.place = place;
    this.input = input;
    this.clock = clock;
  }

  /** This picture's part of the batch's tensor: direct, native order, position 0. */
  public ByteBuffer input() {
    return input.clear();
  }

  /**
   * The tensor is written. To be called once; nothing may be written any more.
   *
   * @return completed on a worker when the batch has run, each picture by itself; fails with what
   *     the run of this picture alone fails with, or with a {@link
   *     dev.glimpse.failure.ServingException} if nobody waits for it any longer
   */
  public CompletionStage<BatchScores> ready() {
    settled = true;
    readySince = clock.getAsLong();
    batcher.ready(batch, this);
    return scores;
  }

  /** Leaves the batch; does nothing if the picture is ready. */
  @Override
  public void close() {
    if (!settled) {
      settled = true;
      batcher.left(batch);
    }
  }

  Permit permit() {
    return permit;
  }

  int place() {
    return place;
  }

  long readySince() {
    return readySince;
  }

  void complete(BatchScores outcome) {
    scores.complete(outcome);
  }

  void fail(Throwable why) {
    scores.completeExceptionally(why);
  }
}
