package dev.glimpse.batching;

import dev.glimpse.engine.EngineException;
import dev.glimpse.engine.Runner;
import dev.glimpse.failure.ServingException;
import dev.glimpse.workers.Job;
import dev.glimpse.workers.WorkerPool;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * The run of a batch that is complete. Each entry hears once, whatever becomes of the others: who
 * is not wanted any longer is left out, and if the run fails, each picture is run alone.
 */
final class BatchRun implements Job {

  private static final Logger LOG = Logger.getLogger(BatchRun.class);

  private final WorkerPool pool;
  private final LongSupplier clock;
  private final IntConsumer sizes;
  private final Runner runner;
  private final int bytesOfOne;
  private final List<BatchEntry> entries;

  /** What the entries are to hear, when the runner is back. */
  private final List<Runnable> endings = new ArrayList<>();

  private volatile long started;

  BatchRun(
      WorkerPool pool,
      LongSupplier clock,
      IntConsumer sizes,
      Runner runner,
      int bytesOfOne,
      List<BatchEntry> entries) {
    this.pool = pool;
    this.clock = clock;
    this.sizes = sizes;
    this.runner = runner;
    this.bytesOfOne = bytesOfOne;
    this.entries = entries;
  }

  @Override
  public long age() {
    return clock.getAsLong() - started;
  }

  @Override
  public void abandon() {
    runner.close(); // first, as the model may be closed when its last entry hears
    entries.forEach(entry -> entry.fail(pool.closed()));
  }

  @Override
  public void run() {
    try {
      started = clock.getAsLong();
      pool.begin(this);
      List<BatchEntry> wanted = wanted();
      if (!wanted.isEmpty()) {
        sizes.accept(wanted.size());
        moveTogether(wanted);
        runTogether(wanted);
      }
    } catch (Throwable e) { // an Error too: every caller is to hear of it
      endings.add(() -> entries.forEach(entry -> entry.fail(e)));
    } finally {
      end();
    }
  }

  private void end() {
    try {
      runner.close();
      pool.end(this);
    } finally {
      endings.forEach(Runnable::run); // what comes after the run happens in here
    }
  }

  /** In the order of their places; the others hear why they are left out. */
  private List<BatchEntry> wanted() {
    List<BatchEntry> wanted = new ArrayList<>();
    for (BatchEntry entry : entries) {
      try {
        entry.permit().requireWanted();
        wanted.add(entry);
      } catch (ServingException e) {
        endings.add(() -> entry.fail(e));
      }
    }
    wanted.sort(Comparator.comparingInt(BatchEntry::place));
    return wanted;
  }

  /** Closes the gaps that others have left, so that the first places of the tensor are taken. */
  private void moveTogether(List<BatchEntry> wanted) {
    for (int i = 0; i < wanted.size(); i++) {
      move(wanted.get(i).place(), i);
    }
  }

  private void move(int from, int to) {
    if (from != to) {
      ByteBuffer tensor = runner.input();
      tensor.put(to * bytesOfOne, tensor, from * bytesOfOne, bytesOfOne);
    }
  }

  private void runTogether(List<BatchEntry> wanted) {
    try {
      finish(wanted, started, run(wanted.size()));
    } catch (EngineException e) {
      if (wanted.size() == 1) {
        throw e;
      }
      LOG.debugf(e, "A batch of %d failed; each picture is run alone.", wanted.size());
      for (int i = 0; i < wanted.size(); i++) {
        runAlone(wanted.get(i), i);
      }
    }
  }

  private void runAlone(BatchEntry entry, int place) {
    try {
      long begun = clock.getAsLong();
      move(place, 0); // who was there has had its run
      finish(List.of(entry), begun, run(1));
    } catch (EngineException e) {
      endings.add(() -> entry.fail(e));
    }
  }

  private float[] run(int pictures) {
    float[] scores = runner.run(pictures);
    if (scores.length % pictures != 0) {
      throw new EngineException(
          "%d scores for %d pictures cannot be shared out.".formatted(scores.length, pictures));
    }
    return scores;
  }

  private void finish(List<BatchEntry> ran, long begun, float[] scores) {
    long took = clock.getAsLong() - begun;
    int classes = scores.length / ran.size();
    for (int i = 0; i < ran.size(); i++) {
      BatchEntry entry = ran.get(i);
      entry.permit().workedFor(took / ran.size());
      float[] own = Arrays.copyOfRange(scores, i * classes, (i + 1) * classes);
      BatchScores outcome = new BatchScores(own, begun - entry.readySince(), took);
      endings.add(() -> entry.complete(outcome));
    }
  }
}
