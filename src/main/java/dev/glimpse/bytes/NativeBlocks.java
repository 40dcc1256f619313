package dev.glimpse.bytes;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Lends native memory to bodies and downloads, and keeps it for the next ones: the system provides
 * new memory page by page, which takes as long as receiving 5 MB does. Any thread may use it. A
 * block that is never released is freed some time after it has become unreachable.
 */
public final class NativeBlocks {

  /** Sizes are multiples of this many bytes, so that bodies of nearly equal size share blocks. */
  private static final long STEP = 64 * 1024;

  private final long most;
  private final Deque<NativeBlock> kept = new ArrayDeque<>();
  private long keptBytes;
  private long lentBytes;

  /**
   * Creates a pool without blocks.
   *
   * @param most how many bytes are kept, together with those that are lent
   */
  public NativeBlocks(long most) {
    this.most = most;
  }

  /**
   * Lends a block, to be returned with {@link #release}.
   *
   * @param bytes that it has at least; it has up to a quarter more
   * @throws OutOfMemoryError if the system has no more memory
   */
  NativeBlock acquire(long bytes) {
    long size = size(bytes);
    synchronized (this) {
      lentBytes += size;
      NativeBlock block = takeKept(size);
      if (block != null) {
        return block;
      }
      keepAtMost(most - lentBytes);
    }
    try {
      return new NativeBlock(size);
    } catch (Throwable e) {
      synchronized (this) {
        lentBytes -= size;
      }
      throw e;
    }
  }

  /** Takes back a block, which nothing uses any more; keeps or frees it. To be called once. */
  synchronized void release(NativeBlock block) {
    lentBytes -= block.size();
    kept.addFirst(block);
    keptBytes += block.size();
    keepAtMost(most - lentBytes);
  }

  /** Returns how many bytes are kept for the next bodies. */
  public synchronized long kept() {
    return keptBytes;
  }

  /** Returns how many bytes hold bodies now. */
  public synchronized long lent() {
    return lentBytes;
  }

  /** Frees the blocks that are kept; others may be lent and kept later. */
  public synchronized void freeKept() {
    keepAtMost(0);
  }

  private @Nullable NativeBlock takeKept(long size) {
    for (Iterator<NativeBlock> blocks = kept.iterator(); blocks.hasNext(); ) {
      NativeBlock block = blocks.next();
      if (block.size() == size) {
        blocks.remove();
        keptBytes -= size;
        return block;
      }
    }
    return null;
  }

  /** Frees blocks, those first that were not lent for longest. */
  private void keepAtMost(long bytes) {
    while (keptBytes > Math.max(bytes, 0)) {
      NativeBlock oldest = kept.removeLast();
      keptBytes -= oldest.size();
      oldest.free();
    }
  }

  /** Rounds up to one of four sizes for each power of two. */
  private static long size(long bytes) {
    long step = Math.max(STEP, Long.highestOneBit(Math.max(bytes - 1, 1)) / 4);
    return Math.max((bytes + step - 1) / step, 1) * step;
  }
}
