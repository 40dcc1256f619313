package dev.glimpse.api.connections;

import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Decides how many bytes of one connection are read before it is another connection's turn: more
 * and more while they are bodies, fewer when they keep the event loop busy, as thousands of small
 * requests, chunks or frames in 64 kB do, and few while they begin HTTP/2 streams. Confined to the
 * connection's event loop.
 */
@SuppressWarnings("deprecation") // of the handle's type, for which there is no other
final class PacedReads extends DefaultMaxMessagesRecvByteBufAllocator {

  /** The heads of about two small requests, whose headers the connection has sent before. */
  static final int LEAST = 64;

  static final int MOST = 64 << 10;
  private static final int FIRST = 256;

  /** Between two requests, as many small ones may follow a large one. */
  static final int MOST_AFTER_REQUEST = 8 << 10;

  /** How long one connection may keep the event loop from the others; one request may, anyway. */
  private static final long TURN_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

  private final LongSupplier clock;
  private int next = FIRST;
  private boolean beginsStreams;
  private boolean endsRequest;

  PacedReads() {
    this(System::nanoTime);
  }

  /**
   * Creates a pace.
   *
   * @param clock in nanoseconds
   */
  PacedReads(LongSupplier clock) {
    super(1);
    this.clock = clock;
  }

  /** Notes that what is being read has begun a stream. */
  void streamBegun() {
    beginsStreams = true;
    next = LEAST;
  }

  /** Notes that what is being read has ended a request. */
  void requestEnded() {
    endsRequest = true;
  }

  /** Returns the most bytes of the next read. */
  int next() {
    return next;
  }

  private void read(int asked, int read, long nanos) {
    if (nanos > TURN_NANOS && !beginsStreams) {
      next = (int) Math.max(LEAST, read * TURN_NANOS / nanos);
    } else if (read == asked && !beginsStreams) {
      next = Math.min(2 * asked, MOST);
    }
    if (endsRequest) {
      next = Math.min(next, MOST_AFTER_REQUEST);
    }
    beginsStreams = false;
    endsRequest = false;
  }

  @Override
  public Handle newHandle() {
    return new MaxMessageHandle() {

      private long began;

      @Override
      public int guess() {
        return next;
      }

      @Override
      public void lastBytesRead(int bytes) {
        began = clock.getAsLong();
        super.lastBytesRead(bytes);
      }

      @Override
      public void readComplete() {
        read(attemptedBytesRead(), lastBytesRead(), clock.getAsLong() - began);
      }
    };
  }
}
