package dev.glimpse.pipeline;

import dev.glimpse.bytes.Bytes;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A request's body, and the memory that is reserved for it. Its bytes are taken once, so that those
 * on the heap can be collected as soon as they are parsed, however long the request still waits.
 */
public final class Body {

  private final AtomicReference<@Nullable Bytes> bytes;
  private final int decompressed;
  private final Runnable closer;
  private final Runnable release;

  /**
   * Holds a body.
   *
   * @param bytes closed with this
   * @param decompressed an upper bound of its length in bytes without its content coding
   * @param release returns the reserved memory; run once, when the request has ended
   */
  public Body(Bytes bytes, int decompressed, Runnable release) {
    this.bytes = new AtomicReference<>(bytes);
    this.decompressed = decompressed;
    this.closer = bytes.closer();
    this.release = release;
  }

  /** Returns the bytes, once; they are closed with this, and may be closed earlier. */
  public Bytes take() {
    Bytes taken = bytes.getAndSet(null);
    if (taken == null) {
      throw new IllegalStateException("The body has been taken already.");
    }
    return taken;
  }

  /** Returns an upper bound of its length in bytes without its content coding. */
  public int decompressed() {
    return decompressed;
  }

  /** Closes the bytes, and releases the memory reserved for them. To be called once. */
  public void close() {
    closer.run();
    release.run();
  }
}
