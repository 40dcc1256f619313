package dev.glimpse.api.connections;

import io.netty.channel.ChannelConfig;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides how many bytes of one connection are read before it is another connection's turn: few
 * between requests and while HTTP/2 streams begin, as 64 kB can hold thousands of them, unless each
 * brings some of a body; the rest of a body whose length is known at once, and in the same turn as
 * its request; more and more of other bodies, unless they keep the event loop busy, as thousands of
 * chunks or frames in 64 kB do. Confined to the connection's event loop.
 */
@SuppressWarnings("deprecation") // of the handle's type, for which there is no other
final class PacedReads extends DefaultMaxMessagesRecvByteBufAllocator {

  /** The heads of about two small requests, whose headers the connection has sent before. */
  static final int LEAST = 64;

  static final int MOST = 64 << 10;

  /** The most of what keeps the event loop busy. */
  static final int MOST_WHILE_BUSY = 4 << 10;

  /** The head of a request. */
  static final int FIRST = 256;

  /** A read that has at least so many bytes for each stream it begins is of bodies, mostly. */
  static final int BYTES_OF_A_STREAM = 4 << 10;

  /** How long a read may keep the event loop busy. */
  private static final long BUSY_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private final LongSupplier clock;
  private int next = FIRST;
  private long restOfBody;
  private int requests;
  private int streams;
  private boolean ends;

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
    streams++;
  }

  /**
   * Notes that what is being read has begun a request.
   *
   * @param bodyBytes the length of its body; 0 if that is not known, or it has no body
   */
  void requestBegun(long bodyBytes) {
    requests++;
    restOfBody = bodyBytes;
  }

  /** Notes that what is being read has so many bytes of the body of the request that began last. */
  void bodyArrived(int bytes) {
    restOfBody -= bytes;
  }

  /** Notes that what is being read has ended a request. */
  void requestEnded() {
    restOfBody = 0;
    ends = true;
  }

  /** Returns the most bytes of the next read. */
  int next() {
    return next;
  }

  private void read(int asked, int read, long nanos) {
    if (requests > 1 || read < streams * (long) BYTES_OF_A_STREAM) {
      next = LEAST;
    } else if (restOfBody > 0) {
      next = (int) Math.max(FIRST, Math.min(restOfBody, MOST));
    } else if (ends) {
      next = FIRST;
    } else if (read == asked) {
      next = Math.min(2 * asked, nanos > BUSY_NANOS ? MOST_WHILE_BUSY : MOST);
    }
    requests = 0;
    streams = 0;
    ends = false;
  }

  /** Returns whether a read has begun a request, and most likely more of its body is there. */
  private boolean endedInABody(int asked, int read) {
    return requests == 1 && restOfBody > 0 && read == asked;
  }

  @Override
  public Handle newHandle() {
    return new MaxMessageHandle() {

      private @Nullable ChannelConfig config;
      private long began;

      @Override
      public void reset(ChannelConfig channel) {
        config = channel;
        super.reset(channel);
      }

      @Override
      public int guess() {
        return next;
      }

      @Override
      public void lastBytesRead(int bytes) {
        began = clock.getAsLong();
        super.lastBytesRead(bytes);
      }

      // One read in a turn, and one more if the first begins a body: it is that body's, only.
      @Override
      public boolean continueReading(UncheckedBooleanSupplier more) {
        if (config == null
            || !config.isAutoRead()
            || !endedInABody(attemptedBytesRead(), lastBytesRead())) {
          return false;
        }
        readComplete();
        return true;
      }

      @Override
      public void readComplete() {
        read(attemptedBytesRead(), lastBytesRead(), clock.getAsLong() - began);
      }
    };
  }
}
