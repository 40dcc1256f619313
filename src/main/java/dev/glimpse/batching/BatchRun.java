package dev.glimpse.batching;

import dev.glimpse.engine.EngineException;
import dev.glimpse.engine.Runner;
import dev.glimpse.failure.ServingException;
import dev.glimpse.workers.WorkerPool;
import dev.glimpse.workers.WorkerTask;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * Runs a complete batch and completes each of its entries once. Entries whose request was cancelled
 * are left out; if the run fails, each image is run alone, so that it fails by itself.
 */
final class BatchRun implements WorkerTask {

  private static final Logger LOG = Logger.getLogger(BatchRun.class);

  private final WorkerPool pool;
  private final LongSupplier clock;
  private final IntConsumer sizes;
  private final Runner runner;
  private final int imageBytes;
  private final List<BatchEntry> entries;

  /** Completes the entries, once the runner has been given back. */
  private final List<Runnable> completions = new ArrayList<>();

  private volatile long started;

  BatchRun(WorkerPool pool, IntConsumer sizes, Batch batch) {
    this.pool = pool;
    this.clock = pool.clock();
    this.sizes = sizes;
    this.runner = batch.runner();
    this.imageBytes = batch.imageBytes();
    this.entries = batch.entries();
  }

  @Override
  public long age() {
    return clock.getAsLong() - started;
  }

  @Override
  public void abandon(ServingException why) {
    runner.close(); // first, as the model may be closed once its last entry has failed
    entries.forEach(entry -> entry.fail(why));
  }

  @Override
  public void run() {
    try {
      started = clock.getAsLong();
      pool.begin(this);
      List<BatchEntry> active = withoutCancelled();
      if (!active.isEmpty()) {
        sizes.accept(active.size());
        closeGaps(active);
        runTogether(active);
      }
    } catch (Throwable e) { // an Error too: every caller has to receive it
      completions.add(() -> entries.forEach(entry -> entry.fail(e)));
    } finally {
      end();
    }
  }

  private void end() {
    try {
      runner.close();
      pool.end(this);
    } finally {
      completions.forEach(Runnable::run); // the callers' next steps run in here
    }
  }

  /** Returns the entries to run, in the order of their slots; the others fail. */
  private List<BatchEntry> withoutCancelled() {
    List<BatchEntry> active = new ArrayList<>();
    for (BatchEntry entry : entries) {
      try {
        entry.permit().throwIfCancelled();
        active.add(entry);
      } catch (ServingException e) {
        completions.add(() -> entry.fail(e));
      }
    }
    active.sort(Comparator.comparingInt(BatchEntry::slot));
    return active;
  }

  /** Moves the images to the first slots of the tensor. */
  private void closeGaps(List<BatchEntry> active) {
    for (int i = 0; i < active.size(); i++) {
      move(active.get(i).slot(), i);
    }
  }

  private void move(int from, int to) {
    if (from != to) {
      ByteBuffer tensor = runner.input();
      tensor.put(to * imageBytes, tensor, from * imageBytes, imageBytes);
    }
  }

  private void runTogether(List<BatchEntry> active) {
    try {
      complete(active, started, run(active.size()));
    } catch (EngineException e) {
      if (active.size() == 1) {
        throw e;
      }
      LOG.tracef(e, "A batch of %d failed; each image is run alone.", active.size());
      for (int i = 0; i < active.size(); i++) {
        runAlone(active.get(i), i);
      }
    }
  }

  private void runAlone(BatchEntry entry, int slot) {
    try {
      long begun = clock.getAsLong();
      move(slot, 0); // the image there has had its run
      complete(List.of(entry), begun, run(1));
    } catch (EngineException e) {
      completions.add(() -> entry.fail(e));
    }
  }

  private float[] run(int images) {
    float[] scores = runner.run(images);
    if (scores.length % images != 0) {
      throw new EngineException(
          "%d scores cannot be divided among %d images.".formatted(scores.length, images));
    }
    return scores;
  }

  private void complete(List<BatchEntry> ran, long begun, float[] scores) {
    long took = clock.getAsLong() - begun;
    float[] vectors = runner.vectors();
    for (int i = 0; i < ran.size(); i++) {
      BatchEntry entry = ran.get(i);
      entry.permit().addWork(took / ran.size());
      float[] own = part(scores, i, ran.size());
      BatchScores result =
          new BatchScores(own, part(vectors, i, ran.size()), begun - entry.readySince(), took);
      completions.add(() -> entry.complete(result));
    }
  }

  /** Returns one of several images' equal parts of an array. */
  private static float[] part(float[] all, int image, int images) {
    int length = all.length / images;
    return Arrays.copyOfRange(all, image * length, (image + 1) * length);
  }
}
