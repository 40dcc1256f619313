package dev.glimpse.memory;

import dev.glimpse.memory.FairQueue.Wait;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Holds a request's share of a {@link MemoryBudget} until it is released. Any thread may use it.
 */
public final class Reservation implements AutoCloseable {

  private final MemoryBudget budget;

  /** Identifies where the client is. */
  final Object network;

  /** Identifies the client whose request this is for. */
  final Object client;

  /** Whether the request holds memory by another reservation. */
  final boolean entitled;

  /** Guarded by the budget, as is {@link #released}. */
  long bytes;

  boolean released;

  /** What it waits for, guarded by the budget, too; more than one only if it is taken for twice. */
  final List<Wait> waits = new ArrayList<>(1);

  Reservation(MemoryBudget budget, Object network, Object client, boolean entitled) {
    this.budget = budget;
    this.network = network;
    this.client = client;
    this.entitled = entitled;
  }

  /**
   * Takes more bytes, now or when others have released theirs.
   *
   * @return completed on the calling thread, or on one that releases; never if this is released
   *     before. Fails with a {@link dev.glimpse.failure.ServingException} TOO_LARGE if the budget
   *     is smaller than this would become
   */
  public CompletableFuture<Void> take(long more) {
    return budget.take(this, more);
  }

  /**
   * Takes more bytes, and blocks until it has them.
   *
   * @throws dev.glimpse.failure.ServingException as {@link #take}
   */
  public void await(long more) {
    try {
      budget.block(take(more));
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  /** Releases what it holds beyond so many bytes. */
  public void keep(long most) {
    budget.keep(this, most);
  }

  /** Returns the most bytes that it can take. */
  public long most() {
    return budget.capacity();
  }

  /** Returns whether it holds nothing. */
  public boolean isEmpty() {
    return bytes() == 0;
  }

  /** Returns the bytes that it holds. */
  public long bytes() {
    return budget.bytes(this);
  }

  /** Returns the bytes that it holds of a budget, which may be another than its own. */
  public long bytesOf(MemoryBudget any) {
    return any == budget ? bytes() : 0;
  }

  /** Releases all its bytes, and what it waits for. To be called once; again it does nothing. */
  @Override
  public void close() {
    budget.release(this);
  }
}
