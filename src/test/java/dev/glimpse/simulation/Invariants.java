package dev.glimpse.simulation;

import dev.glimpse.bytes.NativeBlocks;
import dev.glimpse.config.QueueConfig;
import dev.glimpse.image.ImageDecoder;
import dev.glimpse.memory.MemoryBudget;
import dev.glimpse.memory.RequestMemory;
import dev.glimpse.workers.SimulatedWorkers;
import dev.glimpse.workers.WorkerPool;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Checks what must hold after each step, whenever time passes, and in the end. */
final class Invariants {

  private final Scheduler scheduler;
  private final WorkerPool pool;
  private final SimulatedWorkers workers;
  private final ImageDecoder decoder;
  private final List<MemoryBudget> budgets;
  private final NativeBlocks blocks;
  private final SimulatedLoader loader;
  private final CountingMetrics metrics;
  private final Judge judge;
  private final List<Client> clients;
  private final long queueTimeout;
  private final int slots;

  Invariants(
      Scheduler scheduler,
      SimulatedWorkers.Pool made,
      ImageDecoder decoder,
      RequestMemory memory,
      SimulatedLoader loader,
      CountingMetrics metrics,
      Judge judge,
      List<Client> clients,
      QueueConfig settings) {
    this.scheduler = scheduler;
    this.pool = made.pool();
    this.workers = made.workers();
    this.decoder = decoder;
    this.budgets = List.of(memory.firstBytes(), memory.bodies(), memory.work(), memory.pixels());
    this.blocks = memory.blocks();
    this.loader = loader;
    this.metrics = metrics;
    this.judge = judge;
    this.clients = clients;
    this.queueTimeout = settings.timeout().toNanos();
    this.slots = pool.workers() + settings.size();
  }

  void checkStep() {
    int taken = pool.taken();
    if (taken < 0 || taken > slots) {
      throw new Violation(taken + " of " + slots + " slots are taken");
    }
    if (taken == slots) {
      judge.noteFull();
    }
    if (workers.holdsMoreThan(slots)) {
      throw new Violation("The queue holds more requests than there are slots: " + slots);
    }
    if (pool.running() > pool.workers()) {
      throw new Violation(pool.running() + " tasks run on " + pool.workers() + " workers");
    }
    for (MemoryBudget budget : budgets) {
      long used = budget.used();
      if (used < 0 || used > 2 * budget.capacity()) { // one may exceed it
        throw new Violation(used + " of " + budget.capacity() + " bytes are taken");
      }
    }
  }

  /** Checks what must hold when all that can be done at a time has been done. */
  void checkBeforeTimePasses() {
    if (workers.endedInQueue() > 0) {
      throw new Violation("The queue holds requests that have ended");
    }
    for (Client client : clients) {
      if (client.leaksADownload()) {
        throw new Violation(client + " has ended, and its download goes on");
      }
      if (!client.ended() && !judge.isStopping()) {
        checkInTime(client);
      }
    }
  }

  private void checkInTime(Client client) {
    if (client.gone()) {
      throw new Violation(client + " is gone, and its request has not ended");
    }
    if (client.deadline() <= scheduler.now()) {
      throw new Violation(client + " is past its deadline and has not ended");
    }
    if (!client.onWorker() && client.body().queued() <= scheduler.now() - queueTimeout) {
      throw new Violation(client + " has waited for longer than it may");
    }
  }

  /** Checks, when nothing is left to do, that no request holds anything. */
  void checkIdle() {
    judge.require(workers.reading() == 0, () -> workers.reading() + " bodies seem to arrive");
    judge.require(blocks.lent() == 0, () -> blocks.lent() + " bytes of bodies");
    judge.require(decoder.memoryLent() == 0, () -> decoder.memoryLent() + " bytes of images");
    for (MemoryBudget budget : budgets) {
      judge.require(budget.used() == 0, () -> budget.used() + " bytes are still taken");
      judge.require(budget.waiting() == 0, () -> budget.waiting() + " wait for memory");
    }
  }

  /** Checks that versions out of service have no meters. */
  void checkMeters(List<String> served) {
    Set<String> others = new TreeSet<>(metrics.versions());
    served.forEach(others::remove);
    judge.require(others.isEmpty(), () -> others + " have meters and are not served");
  }

  /**
   * Checks, after the stop, that everything was closed and counted.
   *
   * @param filesChanged whether loads may have failed for other reasons than the loader's
   */
  void checkEnd(boolean filesChanged) {
    loader
        .loads()
        .forEach(load -> {
          SimulatedSession session = load.session();
          judge.require(session.closed(), () -> session + " was not closed");
          judge.require(session.lent() == 0, () -> session + " has runners lent");
        });
    judge.require(
        metrics.ended().equals(judge.outcomes()),
        () -> "Counted are " + metrics.ended() + ", and not " + judge.outcomes());
    judge.require(
        metrics.sum("glimpse.requests", "model", "b") == metrics.ended("b"),
        () -> "The counter of model b is not " + metrics.ended("b"));
    double failed = metrics.sum("glimpse.model.reloads", "outcome", "failed");
    judge.require(
        failed == loader.failures() || (filesChanged && failed > loader.failures()),
        () -> "Failed reloads are " + failed + ", and not " + loader.failures());
  }
}
