package dev.glimpse.batching;

import dev.glimpse.config.BatchingConfig;
import dev.glimpse.engine.Runner;
import dev.glimpse.engine.Session;
import dev.glimpse.workers.Permit;
import dev.glimpse.workers.WorkerPool;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Batches one model's images dynamically: those that are ready at about the same time run together.
 * A batch runs as soon as it is full, or has a preferred size and no image in preparation, or when
 * its first image has waited for {@code max-delay}.
 *
 * <p>No thread waits here. A worker writes its image into the open batch and goes on to other work;
 * whatever completes the batch, a worker or the timer, puts its run at the head of the workers'
 * queue. So a batch is with a worker, at the head of the queue, or open, and there are never many.
 */
public final class DynamicBatcher implements AutoCloseable {

  private final WorkerPool pool;
  private final Session session;
  private final long[] shape;
  private final int maxSize;
  private final long maxDelay;
  private final Set<Integer> preferredSizes;
  private final IntConsumer sizes;

  /** The batch that may be joined. Guarded by this, as is all that changes in a batch. */
  private @Nullable Batch open;

  private Runnable unregister = () -> {};
  private boolean closed;

  private DynamicBatcher(
      WorkerPool pool, Session session, long[] shape, BatchingConfig settings, IntConsumer sizes) {
    this.pool = pool;
    this.session = session;
    this.shape = shape.clone();
    this.maxSize = settings.maxBatchSize();
    this.shape[0] = maxSize;
    this.maxDelay = settings.maxDelay().toNanos();
    this.preferredSizes = Set.copyOf(settings.preferredSizes().orElse(List.of()));
    this.sizes = sizes;
  }

  /**
   * Starts a model's dynamic batching, which ends at the latest when the workers stop.
   *
   * @param pool runs the batches
   * @param shape of one image's tensor, the same for all of them
   * @param settings for more than one image a run
   * @param sizes receives the number of images of each run
   */
  public static DynamicBatcher start(
      WorkerPool pool, Session session, long[] shape, BatchingConfig settings, IntConsumer sizes) {
    DynamicBatcher batcher = new DynamicBatcher(pool, session, shape, settings, sizes);
    batcher.unregister = pool.beforeClose(batcher::close);
    return batcher;
  }

  /**
   * Gives an image a slot in a batch. Does not wait; any thread may call it.
   *
   * @param permit the request's; if the request is cancelled, the image is left out of the run
   * @throws RuntimeException what the session throws if it lends no runner
   */
  public synchronized BatchEntry join(Permit permit) {
    Batch batch = open != null ? open : open();
    BatchEntry joined = batch.add(permit, entry -> ready(batch, entry), () -> left(batch));
    if (batch.full() || closed) {
      seal(batch);
    }
    return joined;
  }

  /** Stops waiting for more images: those that have joined run as soon as they are ready. */
  @Override
  public void close() {
    Batch last;
    synchronized (this) {
      closed = true;
      last = open;
    }
    unregister.run();
    if (last != null) {
      due(last);
    }
  }

  /** Returns the largest number of images of one run. */
  public int maxSize() {
    return maxSize;
  }

  private void ready(Batch batch, BatchEntry entry) {
    change(batch, () -> batch.ready(entry));
  }

  private void left(Batch batch) {
    change(batch, batch::left);
  }

  /** Changes a batch, and sends it if that completes it: without the lock, as callers follow. */
  private void change(Batch batch, Runnable change) {
    boolean complete;
    synchronized (this) {
      change.run();
      complete = batch.complete();
      if (complete) {
        seal(batch);
        batch.markSent();
      }
    }
    if (complete) {
      send(batch);
    }
  }

  private Batch open() {
    Runner runner = session.borrow(shape);
    try {
      Batch opened = new Batch(runner, maxSize, preferredSizes, pool.clock());
      if (!closed) {
        opened.onSeal(pool.timers().after(maxDelay, () -> due(opened)));
      }
      open = opened;
      return opened;
    } catch (RuntimeException | Error e) { // such as OutOfMemoryError
      runner.close();
      throw e;
    }
  }

  private void due(Batch batch) {
    change(batch, () -> seal(batch));
  }

  private void seal(Batch batch) {
    batch.seal();
    if (open == batch) {
      open = null;
    }
  }

  private void send(Batch batch) {
    if (batch.entries().isEmpty()) {
      batch.runner().close(); // at once, as no image's lease keeps the model open until a run
      return;
    }
    try {
      pool.runFirst(new BatchRun(pool, sizes, batch));
    } catch (Error e) { // such as OutOfMemoryError; nothing else would end these requests
      batch.runner().close();
      batch.entries().forEach(entry -> entry.fail(e));
    }
  }
}
