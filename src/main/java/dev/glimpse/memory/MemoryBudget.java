package dev.glimpse.memory;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.memory.FairQueue.Wait;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Shares a number of bytes among requests, first those of networks and clients that hold least. Any
 * thread may call it; only {@link Reservation#await} blocks.
 *
 * <p>A request that already holds memory and needs more comes before those that hold none, and one
 * such request at a time may exceed the capacity. Otherwise requests that hold all of it, and each
 * wait for more, would wait for ever.
 */
public final class MemoryBudget {

  private final long capacity;
  private final Consumer<CompletableFuture<Void>> blocking;
  private final Set<Wait> growing = new LinkedHashSet<>();
  private final FairQueue arriving;
  private final AtomicLong refused = new AtomicLong();
  private long used;
  private long peak;
  private long notablePeak = Long.MAX_VALUE;
  private Runnable onEmptied = () -> {};
  private boolean granting;
  private @Nullable Reservation overdraft;

  public MemoryBudget(long capacity) {
    this(capacity, false, CompletableFuture::join);
  }

  /**
   * Makes a budget for which threads wait in a given way.
   *
   * @param latestFirst whether, among clients that hold as much, the one that asked last is first
   * @param blocking blocks the calling thread until memory is granted
   */
  MemoryBudget(long capacity, boolean latestFirst, Consumer<CompletableFuture<Void>> blocking) {
    this.capacity = capacity;
    this.arriving = new FairQueue(latestFirst ? FairQueue.LATEST_FIRST : FairQueue.EARLIEST_FIRST);
    this.blocking = blocking;
  }

  /** Opens a reservation of no bytes, for a request that holds no memory. */
  public Reservation open() {
    return open(new Object());
  }

  /**
   * Opens a reservation of no bytes, for a request that holds no memory.
   *
   * @param client sends it, such as its connection: what all its reservations hold counts when it
   *     has to wait
   */
  public Reservation open(Object client) {
    return open(client, client);
  }

  /**
   * Opens a reservation of no bytes, for a request that holds no memory.
   *
   * @param network is where it comes from: what all of a network's clients hold counts before what
   *     one of them does
   * @param client sends it, such as its connection: always from the same network
   */
  public Reservation open(Object network, Object client) {
    return new Reservation(this, network, client, false);
  }

  /** Opens a reservation of no bytes, for a request that holds memory by another reservation. */
  public Reservation openMore() {
    Object client = new Object();
    return new Reservation(this, client, client, true);
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

  /** Returns the bytes that all reservations of a client hold. */
  public synchronized long held(Object client) {
    return arriving.held(client);
  }

  /** Returns how many reservations wait now. */
  public synchronized int waiting() {
    return growing.size() + arriving.size();
  }

  /**
   * Returns how many reservations of a network wait now.
   *
   * @param network as {@link #open(Object, Object)} has received it
   */
  public synchronized int waiting(Object network) {
    return arriving.waiting(network);
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
      Wait wait = new Wait(owner, bytes, granted);
      owner.waits.add(wait);
      if (owner.entitled || owner.bytes > 0) {
        growing.add(wait);
      } else {
        arriving.add(wait);
      }
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
      arriving.granted(owner, -surplus);
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
      arriving.granted(owner, -owner.bytes);
      owner.bytes = 0;
      owner.waits.forEach(this::forget);
      owner.waits.clear();
      if (overdraft == owner) {
        overdraft = null;
      }
    }
    grantWhatFits();
    actionIfEmptied().run();
  }

  private void forget(Wait wait) {
    if (!growing.remove(wait)) {
      arriving.remove(wait);
    }
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
      granted.granted().complete(null);
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
      used += next.bytes();
      peak = Math.max(peak, used);
      next.owner().bytes += next.bytes();
      arriving.granted(next.owner(), next.bytes());
    }
    return next;
  }

  /** Takes the first one that can be granted out of its queue. */
  private @Nullable Wait next() {
    Wait next = growing.isEmpty() ? nextArriving() : nextGrowing(growing.iterator().next());
    if (next != null) {
      forget(next);
      next.owner().waits.remove(next);
    }
    return next;
  }

  private @Nullable Wait nextArriving() {
    Wait first = arriving.first();
    return first != null && fits(first) ? first : null;
  }

  /** Returns the first of those that grow if it fits, else that which may exceed the capacity. */
  private @Nullable Wait nextGrowing(Wait first) {
    if (fits(first)) {
      return first;
    }
    if (overdraft == null) {
      overdraft = first.owner();
    }
    return overdraft.waits.stream().filter(growing::contains).findFirst().orElse(null);
  }

  private boolean fits(Wait wait) {
    return used + wait.bytes() <= capacity;
  }

  private ServingException tooMuch(long bytes) {
    return new ServingException(
        Failure.TOO_LARGE,
        "The request needs %d bytes of memory; at most %d are available to one."
            .formatted(bytes, capacity));
  }
}
