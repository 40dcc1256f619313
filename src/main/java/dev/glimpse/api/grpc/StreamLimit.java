package dev.glimpse.api.grpc;

import dev.glimpse.bytes.ArrivingBytes;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Bounds the streams that are open, because each may hold as many bytes as its window allows, which
 * no budget reserves; and those of a network, which must not keep the others from streaming. Any
 * thread may call it.
 */
final class StreamLimit {

  private static final int MOST = 2048;

  /** What part of the heap the windows of all streams may hold. */
  private static final int HEAP = 16;

  private final int most;
  private final AtomicInteger open = new AtomicInteger();
  private final Map<Object, Integer> openByNetwork = new ConcurrentHashMap<>();

  /**
   * Creates a limit.
   *
   * @param heap in bytes
   */
  StreamLimit(long heap) {
    this.most = (int) Math.min(MOST, heap / HEAP / ArrivingBytes.FIRST_BYTES);
  }

  /** Takes a place, to be released; returns false, and takes none, if too many are taken. */
  boolean take(Object network) {
    boolean few = open.incrementAndGet() <= most;
    few &= openByNetwork.merge(network, 1, Integer::sum) <= most / 2;
    if (!few) {
      release(network);
    }
    return few;
  }

  /** Releases a place. */
  void release(Object network) {
    open.decrementAndGet();
    openByNetwork.computeIfPresent(network, (key, own) -> own == 1 ? null : own - 1);
  }

  /** Returns how many streams are open. */
  int open() {
    return open.get();
  }
}
