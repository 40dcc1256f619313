package dev.glimpse.memory;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Shares a number of bytes out among requests, in the order in which they ask. Any thread may call
 * it; it does not block.
 *
 * <p>A request that already holds memory and needs more comes before those that hold none, and one
 * of them at a time may exceed the capacity. Otherwise several that hold all of it, and each wait
 * for more, would wait for ever.
 */
public final class MemoryBudget {

  private final long capacity;
  private final Consumer<CompletableFuture<Void>> blocking;
  private final Set<Wait> growing = new LinkedHashSet<>();
  private final Set<Wait> arriving = new LinkedHashSet<>();
  private final AtomicLong refused = new AtomicLong();
  private long used;
  private long peak;
  private long notablePeak = Long.MAX_VALUE;
  private Runnable onEmptied = () -> {};
  private boolean granting;
  private @Nullable Reservation overdraft;

  public MemoryBudget(long capacity) {
    this(capacity, CompletableFuture::join);
  }

  /**
   * Makes a budget for which threads wait in a given way.
   *
   * @param blocking blocks the calling thread until memory is granted
   */
  MemoryBudget(long capacity, Consumer<CompletableFuture<Void>> blocking) {
    this.capacity = capacity;
    this.blocking = blocking;
  }

  /** Waits in line for bytes. */
  private record Wait(Reservation owner, long bytes, CompletableFuture<Void> granted) {

    @Override
    public boolean equals(@Nullable Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }

  /** Opens a reservation of no bytes, for a request that holds no memory. */
  public Reservation open() {
    return new Reservation(this, false);
  }

  /** Opens a reservation of no bytes, for a request that holds memory by another reservation. */
  public Reservation openMore() {
    return new Reservation(this, true);
  }

  /** Returns the most bytes of a reservation, and, but for one that grows, of all together. */
  public long capacity() {
    return capacity;
  }

  /** Returns the bytes that are taken now. */
  public synchronized long used() {
    return used;
  }

  /**
   * Registers what to do each time that all bytes are released again.
   *
   * @param peak only if so many were taken at a time since {@link #forgetPeak}
   * @param action must be quick; called on the thread that releases
   */
  public synchronized void onEmptied(long peak, Runnable action) {
    notablePeak = peak;
    onEmptied = action;
  }

  /** Forgets how many bytes were taken at a time. */
  public synchronized void forgetPeak() {
    peak = used;
  }

  /** Returns how many reservations wait now. */
  public synchronized int waiting() {
    return growing.size() + arriving.size();
  }

  /** Counts bytes that a request did not get. */
  public void refused(long bytes) {
    refused.addAndGet(bytes);
  }

  /** Returns the bytes that requests did not get, in all. */
  public long refused() {
    return refused.get();
  }

  CompletableFuture<Void> take(Reservation owner, long bytes) {
    CompletableFuture<Void> granted = new CompletableFuture<>();
    synchronized (this) {
      if (owner.released) {
        return CompletableFuture.failedFuture(new CancellationException());
      }
      if (bytes > capacity - owner.bytes) {
        return CompletableFuture.failedFuture(tooMuch(owner.bytes + bytes));
      }
      Set<Wait> line = owner.entitled || owner.bytes > 0 ? growing : arriving;
      line.add(new Wait(owner, bytes, granted));
    }
    grantWhatFits();
    return granted;
  }

  /** Blocks the calling thread until memory is granted. */
  void block(CompletableFuture<Void> granted) {
    blocking.accept(granted);
  }

  void keep(Reservation owner, long most) {
    synchronized (this) {
      long surplus = owner.bytes - most;
      if (surplus <= 0) {
        return;
      }
      used -= surplus;
      owner.bytes = most;
    }
    grantWhatFits();
  }

  void release(Reservation owner) {
    synchronized (this) {
      if (owner.released) {
        return;
      }
      owner.released = true;
      used -= owner.bytes;
      owner.bytes = 0;
      growing.removeIf(wait -> wait.owner == owner);
      arriving.removeIf(wait -> wait.owner == owner);
      if (overdraft == owner) {
        overdraft = null;
      }
    }
    grantWhatFits();
    actionIfEmptied().run();
  }

  private synchronized Runnable actionIfEmptied() {
    return used == 0 && peak >= notablePeak ? onEmptied : () -> {};
  }

  synchronized long bytes(Reservation owner) {
    return owner.bytes;
  }

  /**
   * Completes what can be granted, outside of the lock: what follows may take and release. One
   * thread does so at a time, so that what follows does not recurse.
   */
  private void grantWhatFits() {
    Wait granted = next(false);
    while (granted != null) {
      granted.granted.complete(null);
      granted = next(true);
    }
  }

  /**
   * Grants the next.
   *
   * @param again whether the calling thread is the one that grants
   * @return null if nothing can be granted now, or another thread will do it
   */
  private synchronized @Nullable Wait next(boolean again) {
    if (granting && !again) {
      return null;
    }
    Wait next = next();
    granting = next != null;
    if (next != null) {
      used += next.bytes;
      peak = Math.max(peak, used);
      next.owner.bytes += next.bytes;
    }
    return next;
  }

  /** Takes the first that can be granted out of its line. */
  private @Nullable Wait next() {
    for (Wait wait : growing) {
      boolean fits = used + wait.bytes <= capacity && wait.equals(growing.iterator().next());
      if (!fits && overdraft == null) {
        overdraft = wait.owner;
      }
      if (fits || overdraft == wait.owner) {
        growing.remove(wait);
        return wait;
      }
    }
    if (growing.isEmpty() && !arriving.isEmpty()) {
      Wait first = arriving.iterator().next();
      if (used + first.bytes <= capacity) {
        arriving.remove(first);
        return first;
      }
    }
    return null;
  }

  private ServingException tooMuch(long bytes) {
    return new ServingException(
        Failure.TOO_LARGE,
        "The request needs %d bytes of memory; at most %d are available to one."
            .formatted(bytes, capacity));
  }
}
