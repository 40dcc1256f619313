package dev.glimpse.api.connections;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import java.util.function.LongConsumer;

/**
 * Counts the bytes of responses that the client of one connection has not read, and notes since
 * when it has read none of them. Confined to the connection's event loop.
 */
final class UnreadBytes {

  /** Netty counts this much for each buffer besides its bytes. */
  private static final int BUFFER_OVERHEAD = 96;

  private final Channel channel;
  private final LongConsumer total;
  private long stalledSince = ConnectionLimits.NEVER;
  private long written;
  private long sentBefore;
  private long unread;

  /**
   * Creates a counter.
   *
   * @param total receives each change
   */
  UnreadBytes(Channel channel, LongConsumer total) {
    this.channel = channel;
    this.total = total;
  }

  /** Returns since when no byte has been read; NEVER if all are. */
  long stalledSince() {
    return stalledSince;
  }

  /** Counts bytes that are on their way to the client. */
  void written(ByteBuf bytes) {
    written += bytes.readableBytes() + BUFFER_OVERHEAD;
  }

  /**
   * Finds out what the client has read since the last call.
   *
   * @param inStreams bytes that are not written yet, because HTTP/2's windows do not allow it
   * @return whether it has read any, or there are the first ones to be read
   */
  boolean update(long inStreams) {
    ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
    long queued = queue == null ? 0 : queue.totalPendingWriteBytes();
    long sent = written - queued;
    long now = queued + inStreams;
    boolean begins = now > 0 && stalledSince == ConnectionLimits.NEVER;
    boolean progress = begins || sent > sentBefore;
    if (now == 0) {
      stalledSince = ConnectionLimits.NEVER;
    } else if (progress) {
      stalledSince = System.nanoTime();
    }
    sentBefore = Math.max(sentBefore, sent);
    if (channel.isOpen() && now != unread) {
      long change = now - unread;
      unread = now;
      total.accept(change);
    }
    return progress;
  }

  /** Forgets what will not be read any more, because the connection is closed. */
  void forget() {
    total.accept(-unread);
    unread = 0;
  }
}
