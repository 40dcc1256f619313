package dev.glimpse.bytes;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Collects bytes as they arrive: the first ones on the heap, where small bodies stay, and all of
 * them in native memory when there are more, so that large bodies cause no garbage collections. An
 * announced length alone gets no memory of that length, and neither does it with a few bytes. For
 * one thread.
 */
public final class ArrivingBytes implements AutoCloseable {

  public static final int FIRST_BYTES = 64 << 10;

  /**
   * What the first ones get until there are more: many a client sends the beginning, and no more.
   */
  private static final int BEGINNING = 512;

  /** How many times as much memory announced bytes get when they have filled what they had. */
  private static final int MORE = 256;

  private final NativeBlocks blocks;
  private long announced;
  private int first;
  private @Nullable ByteBuffer buffer;
  private @Nullable NativeBlock block;
  private int length;
  private boolean ended;

  /**
   * Starts without bytes.
   *
   * @param announced how many will arrive; below 0 if it is not known
   */
  public ArrivingBytes(NativeBlocks blocks, long announced) {
    this.blocks = blocks;
    this.announced = announced;
    this.first = first(announced);
  }

  private static int first(long announced) {
    return (int) (announced < 0 ? FIRST_BYTES : Math.min(announced, FIRST_BYTES));
  }

  /** Sets how many will arrive altogether, where only the first of them say so. */
  public void announce(long bytes) {
    announced = bytes;
    if (buffer == null) {
      first = first(bytes);
    }
  }

  /** Returns how many have arrived. */
  public int length() {
    return length;
  }

  /** Returns how many bytes of memory it may take to append so many, now or at the peak. */
  public long bytesToAppend(int more) {
    long needed = (long) length + more;
    int capacity = capacity();
    return needed <= capacity ? capacity : capacity + capacityFor(needed);
  }

  /**
   * Appends the next ones.
   *
   * @throws OutOfMemoryError if the system has no more memory
   */
  public void append(ByteBuffer more) {
    ByteBuffer before = writable();
    int needed = Math.addExact(length, more.remaining());
    if (needed > capacity()) {
      grow(capacityFor(needed));
    } else if (needed > before.capacity()) {
      int size = length == 0 ? Math.min(Math.max(needed, BEGINNING), first) : first;
      buffer = ByteBuffer.allocate(size).put(before.flip());
    }
    writable().put(more);
    length = needed;
  }

  private void grow(int capacity) {
    NativeBlock larger = blocks.acquire(capacity);
    ByteBuffer to = larger.bytes(capacity).slice();
    to.put(writable().flip());
    discard(block);
    block = larger;
    buffer = to;
  }

  /**
   * Hands over what has arrived, to be closed by the caller; nothing can be appended after that.
   */
  public Bytes take() {
    ByteBuffer taken = writable().flip();
    NativeBlock filled = block;
    ended = true;
    buffer = null;
    block = null;
    if (filled != null) {
      return Bytes.ofNative(taken, () -> blocks.release(filled));
    }
    return Bytes.ofHeap(taken);
  }

  /** Discards what has arrived, unless it has been taken; again it does nothing. */
  @Override
  public void close() {
    NativeBlock discarded = block;
    ended = true;
    discard(discarded);
  }

  private void discard(@Nullable NativeBlock discarded) {
    buffer = null;
    block = null;
    if (discarded != null) {
      blocks.release(discarded);
    }
  }

  private ByteBuffer writable() {
    if (ended) {
      throw new IllegalStateException("The bytes have been taken or discarded already.");
    }
    if (buffer == null) {
      buffer = ByteBuffer.allocate(0);
    }
    return buffer;
  }

  /** Returns how many bytes it may hold as it is: on the heap, all the first ones. */
  private int capacity() {
    return block == null ? first : writable().capacity();
  }

  private int capacityFor(long needed) {
    int capacity = capacity();
    long roomy = announced >= needed ? Math.min(announced, MORE * (long) capacity) : 2L * capacity;
    return (int) Math.min(Math.max(needed, roomy), Integer.MAX_VALUE - 8);
  }
}
