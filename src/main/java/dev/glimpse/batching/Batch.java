package dev.glimpse.batching;

import dev.glimpse.engine.Runner;
import dev.glimpse.workers.Permit;
import dev.glimpse.workers.WorkerPool;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;

/** Pictures that are going to be run together. All of it happens under its batcher's lock. */
final class Batch {

  private final DynamicBatcher batcher;
  private final Runner runner;
  private final LongSupplier clock;
  private final ByteBuffer tensor;
  private final int bytesOfOne;
  private final List<BatchEntry> ready = new ArrayList<>();
  private Runnable alarm = () -> {};
  private int places;
  private int preparing;
  private boolean sealed;
  private boolean sent;

  Batch(DynamicBatcher batcher, Runner runner, LongSupplier clock) {
    this.batcher = batcher;
    this.runner = runner;
    this.clock = clock;
    this.tensor = runner.input();
    this.bytesOfOne = tensor.remaining() / batcher.maxSize();
  }

  void setAlarm(Runnable takeBack) {
    alarm = takeBack;
  }

  BatchEntry place(Permit permit) {
    ByteBuffer input = tensor.slice(places * bytesOfOne, bytesOfOne).order(ByteOrder.nativeOrder());
    preparing++;
    return new BatchEntry(batcher, this, permit, places++, input, clock);
  }

  void ready(BatchEntry entry) {
    preparing--;
    ready.add(entry);
  }

  /** A place stays empty. */
  void left() {
    preparing--;
  }

  /** Nobody joins it any more. */
  void seal() {
    sealed = true;
    alarm.run();
  }

  boolean full() {
    return places == batcher.maxSize();
  }

  /** Whether it is to be run now, and never has been. */
  boolean complete() {
    return !sent && preparing == 0 && (sealed || batcher.prefers(ready.size()));
  }

  BatchRun send(WorkerPool pool, IntConsumer sizes) {
    sent = true;
    return new BatchRun(pool, clock, sizes, runner, bytesOfOne, ready);
  }
}
