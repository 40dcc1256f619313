package dev.glimpse.bytes;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Holds bytes that have arrived, such as a body or an image file in it, on the heap or in native
 * memory. Native memory is returned once: when these are closed, and no thread reads them any more.
 * Any thread may use them.
 */
public final class Bytes implements AutoCloseable {

  /** No bytes. */
  public static final Bytes NONE = of(new byte[0]);

  private final ByteBuffer buffer;
  private final @Nullable Lifetime lifetime;

  private Bytes(ByteBuffer buffer, @Nullable Lifetime lifetime) {
    this.buffer = buffer;
    this.lifetime = lifetime;
  }

  /** Holds an array, which is not copied and must not change. */
  public static Bytes of(byte[] array) {
    return new Bytes(ByteBuffer.wrap(array), null);
  }

  /** Holds a buffer on the heap, from its start to its limit. */
  static Bytes ofHeap(ByteBuffer buffer) {
    return new Bytes(buffer.slice(0, buffer.limit()), null);
  }

  /**
   * Holds native memory.
   *
   * @param buffer from its start to its limit
   * @param release returns the memory; run once, on the thread that closes or reads last
   */
  static Bytes ofNative(ByteBuffer buffer, Runnable release) {
    return new Bytes(buffer.slice(0, buffer.limit()), new Lifetime(release));
  }

  /** Lends the bytes to one thread, until it closes this. */
  public static final class Reading implements AutoCloseable {

    private final ByteBuffer buffer;
    private @Nullable Lifetime lifetime;

    private Reading(ByteBuffer buffer, @Nullable Lifetime lifetime) {
      this.buffer = buffer;
      this.lifetime = lifetime;
    }

    /** Returns all the bytes, from position 0 to the limit; not to be used after {@link #close}. */
    public ByteBuffer buffer() {
      return buffer;
    }

    @Override
    public void close() {
      Lifetime entered = lifetime;
      lifetime = null;
      if (entered != null) {
        entered.leave();
      }
    }
  }

  /** Returns how many there are. */
  public int length() {
    return buffer.limit();
  }

  /** Returns whether they are outside of the Java heap. */
  public boolean isNative() {
    return lifetime != null;
  }

  /** Returns a part of them, which is closed together with the whole. */
  public Bytes slice(int from, int length) {
    return new Bytes(buffer.slice(from, length), lifetime);
  }

  /**
   * Starts to read them; the memory stays until the reading is closed.
   *
   * @throws IllegalStateException if they have been closed
   */
  public Reading read() {
    if (lifetime != null) {
      lifetime.enter();
    }
    return new Reading(buffer.slice().asReadOnlyBuffer(), lifetime);
  }

  /**
   * Returns them as an array, which must not be changed: they are copied unless they are such an
   * array.
   */
  public byte[] toArray() {
    if (buffer.hasArray() && buffer.arrayOffset() == 0 && buffer.array().length == length()) {
      return buffer.array();
    }
    try (Reading reading = read()) {
      byte[] array = new byte[length()];
      reading.buffer().get(array);
      return array;
    }
  }

  /** Returns them as {@link #toArray} does, and closes them. */
  public byte[] takeArray() {
    byte[] array = toArray();
    close();
    return array;
  }

  /** Ends their life; again it does nothing. Those on the heap can be read nevertheless. */
  @Override
  public void close() {
    closer().run();
  }

  /** Returns what closes them, which itself keeps no bytes on the heap. */
  public Runnable closer() {
    return lifetime == null ? () -> {} : lifetime::end;
  }
}
