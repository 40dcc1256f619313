package dev.glimpse.batching;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.engine.Session;
import dev.glimpse.workers.Permit;
import dev.glimpse.workers.Timers;
import dev.glimpse.workers.WorkerPool;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One model's dynamic batching. Pictures that are ready at about the same time are run together: as
 * soon as as many have come as may, or a preferred number and nobody is about to be ready, or when
 * the first has waited for {@code max-delay}.
 *
 * <p>No thread waits here. A worker writes its picture into the batch that is open and goes on to
 * other work; whoever makes the batch complete, a worker or the alarm, puts its run before all that
 * waits for a worker. So a batch lives with workers, in the queue's first places, or open, and
 * there are never many.
 */
public final class DynamicBatcher implements AutoCloseable {

  private final Session session;
  private final long[] shape;
  private final int maxSize;
  private final long maxDelay;
  private final Set<Integer> preferred;
  private final WorkerPool pool;
  private final Timers alarms;
  private final LongSupplier clock;
  private final IntConsumer sizes;

  /** The batch that may be joined. Guarded by this, as is all that changes in a batch. */
  private @Nullable Batch open;

  private Runnable unregister = () -> {};
  private boolean closed;

  private DynamicBatcher(
      WorkerPool pool,
      Session session,
      long[] shape,
      GlimpseConfig.Batching settings,
      IntConsumer sizes) {
    this.pool = pool;
    this.alarms = pool.timers();
    this.clock = pool.clock();
    this.session = session;
    this.shape = shape.clone();
    this.maxSize = settings.maxBatchSize();
    this.shape[0] = maxSize;
    this.maxDelay = settings.maxDelay().toNanos();
    this.preferred = Set.copyOf(settings.preferredSizes().orElse(List.of()));
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
      WorkerPool pool,
      Session session,
      long[] shape,
      GlimpseConfig.Batching settings,
      IntConsumer sizes) {
    DynamicBatcher batcher = new DynamicBatcher(pool, session, shape, settings, sizes);
    batcher.unregister = pool.beforeClose(batcher::close);
    return batcher;
  }

  /**
   * Gives a picture its place in a batch. Does not wait; any thread may call it.
   *
   * @param permit the request's; what is not wanted any longer is left out of the run
   * @throws RuntimeException what the session throws if it lends no runner
   */
  public synchronized BatchEntry join(Permit permit) {
    Batch batch = open != null ? open : open();
    BatchEntry entry = batch.place(permit);
    if (batch.full() || closed) {
      seal(batch);
    }
    return entry;
  }

  /** Nobody waits for company any more: what is there is run as soon as it is ready. */
  @Override
  public synchronized void close() {
    closed = true;
    unregister.run();
    if (open != null) {
      due(open);
    }
  }

  /** The most pictures of one run. */
  public int maxSize() {
    return maxSize;
  }

  boolean prefers(int size) {
    return preferred.contains(size);
  }

  synchronized void ready(Batch batch, BatchEntry entry) {
    batch.ready(entry);
    sendIfComplete(batch);
  }

  synchronized void left(Batch batch) {
    batch.left();
    sendIfComplete(batch);
  }

  private Batch open() {
    Batch opened = new Batch(this, session.borrow(shape), clock);
    if (!closed) {
      opened.setAlarm(alarms.after(maxDelay, () -> due(opened)));
    }
    open = opened;
    return opened;
  }

  private synchronized void due(Batch batch) {
    seal(batch);
    sendIfComplete(batch);
  }

  /** Nobody joins it any more. */
  private void seal(Batch batch) {
    batch.seal();
    if (open == batch) {
      open = null;
    }
  }

  private void sendIfComplete(Batch batch) {
    if (batch.complete()) {
      seal(batch);
      pool.runFirst(batch.send(pool, sizes));
    }
  }
}
