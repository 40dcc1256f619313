package dev.glimpse.batching;

import dev.glimpse.engine.Runner;
import dev.glimpse.workers.Permit;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Collects the images of one run. Not thread-safe: the batcher's lock guards it. */
final class Batch {

  private final Runner runner;
  private final int maxSize;
  private final Set<Integer> preferredSizes;
  private final LongSupplier clock;
  private final ByteBuffer tensor;
  private final int imageBytes;
  private final List<BatchEntry> ready = new ArrayList<>();
  private Runnable cancelTimer = () -> {};
  private int slots;
  private int preparing;
  private boolean sealed;
  private boolean sent;

  /**
   * Makes a batch without images.
   *
   * @param runner its run; owned by the batch until it is sent
   */
  Batch(Runner runner, int maxSize, Set<Integer> preferredSizes, LongSupplier clock) {
    this.runner = runner;
    this.maxSize = maxSize;
    this.preferredSizes = preferredSizes;
    this.clock = clock;
    this.tensor = runner.input();
    this.imageBytes = tensor.remaining() / maxSize;
  }

  /** Sets what cancels the timer that seals the batch. */
  void onSeal(Runnable cancel) {
    cancelTimer = cancel;
  }

  BatchEntry add(Permit permit, Consumer<BatchEntry> onReady, Runnable onLeave) {
    ByteBuffer input = tensor.slice(slots * imageBytes, imageBytes).order(ByteOrder.nativeOrder());
    preparing++;
    return new BatchEntry(permit, slots++, input, clock, onReady, onLeave);
  }

  void ready(BatchEntry entry) {
    preparing--;
    ready.add(entry);
  }

  /** Leaves a slot empty. */
  void left() {
    preparing--;
  }

  /** Admits no more images. */
  void seal() {
    sealed = true;
    cancelTimer.run();
  }

  boolean full() {
    return slots == maxSize;
  }

  /** Returns whether it is to be run now, and never was. */
  boolean complete() {
    return !sent && preparing == 0 && (sealed || preferredSizes.contains(ready.size()));
  }

  /** Marks it as sent to the workers. */
  void markSent() {
    sent = true;
  }

  Runner runner() {
    return runner;
  }

  int imageBytes() {
    return imageBytes;
  }

  List<BatchEntry> entries() {
    return ready;
  }
}
