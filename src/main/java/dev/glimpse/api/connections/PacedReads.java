package dev.glimpse.api.connections;

import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;

/**
 * Decides how many bytes of one connection are read before it is another connection's turn: more
 * and more while they are bodies, and few while they begin HTTP/2 streams, of which 64 kB can begin
 * a thousand. Confined to the connection's event loop.
 */
@SuppressWarnings("deprecation") // of the handle's type, for which there is no other
final class PacedReads extends DefaultMaxMessagesRecvByteBufAllocator {

  /** The heads of about two small requests, whose headers the connection has sent before. */
  static final int LEAST = 64;

  static final int MOST = 64 << 10;
  private static final int FIRST = 256;

  private int next = FIRST;
  private boolean beginsStreams;

  PacedReads() {
    super(1);
  }

  /** Notes that what is being read has begun a stream. */
  void streamBegun() {
    beginsStreams = true;
    next = LEAST;
  }

  /** Returns the most bytes of the next read. */
  int next() {
    return next;
  }

  private void read(int asked, int read) {
    if (read == asked && !beginsStreams) {
      next = Math.min(2 * asked, MOST);
    }
    beginsStreams = false;
  }

  @Override
  public Handle newHandle() {
    return new MaxMessageHandle() {

      @Override
      public int guess() {
        return next;
      }

      @Override
      public void readComplete() {
        read(attemptedBytesRead(), lastBytesRead());
      }
    };
  }
}
