package dev.glimpse.pipeline;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A request's body, and the memory that is reserved for it. Its bytes are taken once, so that they
 * can be collected as soon as they are parsed, however long the request still waits.
 */
public final class Body {

  private final AtomicReference<byte @Nullable []> bytes;
  private final int decompressed;
  private final Runnable release;

  /**
   * Holds a body.
   *
   * @param bytes not copied
   * @param decompressed the most bytes that it has without its content coding
   * @param release returns the reserved memory; run once, when the request has ended
   */
  public Body(byte[] bytes, int decompressed, Runnable release) {
    this.bytes = new AtomicReference<>(bytes);
    this.decompressed = decompressed;
    this.release = release;
  }

  /** Returns the bytes, once. */
  public byte[] take() {
    byte[] taken = bytes.getAndSet(null);
    if (taken == null) {
      throw new IllegalStateException("The body has been taken already.");
    }
    return taken;
  }

  /** Returns how many bytes it has, or had, without its content coding; rather too many. */
  public int decompressed() {
    return decompressed;
  }

  /** Releases the reserved memory. To be called once, when nothing refers to the bytes any more. */
  public void close() {
    release.run();
  }
}
