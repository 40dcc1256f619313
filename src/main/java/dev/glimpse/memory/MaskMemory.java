package dev.glimpse.memory;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds what explanations by masks keep on the heap between their turns. Nothing waits for it:
 * what holds it needs the workers that would wait. Any thread may call it.
 */
public final class MaskMemory {

  private final long capacity;
  private final AtomicLong used = new AtomicLong();

  /**
   * Makes a budget of which all is free.
   *
   * @param capacity in bytes
   */
  MaskMemory(long capacity) {
    this.capacity = capacity;
  }

  /** Returns the bytes that are taken now. */
  public long used() {
    return used.get();
  }

  /**
   * Opens the share of one explanation, of no bytes.
   *
   * @return to be closed when it ends
   */
  public Share open() {
    return new Share();
  }

  /** Holds bytes for one explanation. */
  public final class Share implements AutoCloseable {

    private final AtomicLong held = new AtomicLong();

    private Share() {}

    /**
     * Takes bytes.
     *
     * @return whether so many are free
     * @throws ServingException TOO_LARGE if they are more than all explanations may take
     */
    public boolean take(long bytes) {
      if (bytes > capacity) {
        throw new ServingException(
            Failure.TOO_LARGE,
            "Masks for this image take %d bytes of memory; at most %d are available."
                .formatted(bytes, capacity));
      }
      if (used.addAndGet(bytes) > capacity) {
        used.addAndGet(-bytes);
        return false;
      }
      held.addAndGet(bytes);
      return true;
    }

    /** Gives the bytes back; again it does nothing. */
    @Override
    public void close() {
      used.addAndGet(-held.getAndSet(0));
    }
  }
}
