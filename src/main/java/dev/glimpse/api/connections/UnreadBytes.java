package dev.glimpse.api.connections;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Counts the bytes of responses that the client of one connection has not read, and notes since
 * when it has read none of them, or too few. Confined to the connection's event loop.
 */
final class UnreadBytes {

  private static final double SECOND = TimeUnit.SECONDS.toNanos(1);

  /** Netty counts this much for each buffer besides its bytes. */
  private static final int BUFFER_OVERHEAD = 96;

  private final Channel channel;
  private final ConnectionLimits limits;
  private final LongConsumer total;
  private final LongSupplier clock;
  private long stalledSince = ConnectionLimits.NEVER;

  /** Since when there is something to read. */
  private long began;

  private long payloadAtBegin;
  private long payload;
  private long payloadSent;
  private long written;
  private long sentBefore;
  private long unread;

  /**
   * Creates a counter.
   *
   * @param total receives each change
   * @param clock in nanoseconds
   */
  UnreadBytes(Channel channel, ConnectionLimits limits, LongConsumer total, LongSupplier clock) {
    this.channel = channel;
    this.limits = limits;
    this.total = total;
    this.clock = clock;
  }

  /** Returns since when no byte has been read; NEVER if all are. */
  long stalledSince() {
    return stalledSince;
  }

  /** Returns whether the client has read nothing for longer than it may. */
  boolean isStalled() {
    return stalledSince != ConnectionLimits.NEVER
        && clock.getAsLong() - stalledSince > limits.writeNanos();
  }

  /**
   * Returns whether the client has read less than it must, since it has not read all. It need not
   * read at all for as long as it may stall, so that only one that goes on slowly is too slow.
   */
  boolean isTooSlow() {
    if (stalledSince == ConnectionLimits.NEVER || limits.minRate() == 0) {
      return false;
    }
    double seconds = (clock.getAsLong() - began - limits.writeNanos()) / SECOND;
    return payloadSent - payloadAtBegin < seconds * limits.minRate();
  }

  /** Counts bytes that are on their way to the client. */
  void written(ByteBuf bytes) {
    payload += bytes.readableBytes();
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
    long queued = queue == null ? 0 : pending(queue);
    long sent = written - queued;
    long now = queued + inStreams;
    boolean begins = now > 0 && stalledSince == ConnectionLimits.NEVER;
    boolean progress = begins || sent > sentBefore;
    payloadSent = payload - (queue == null ? 0 : payloadOf(queue));
    if (begins) {
      began = clock.getAsLong();
      payloadAtBegin = payloadSent;
    }
    if (now == 0) {
      stalledSince = ConnectionLimits.NEVER;
    } else if (progress) {
      stalledSince = clock.getAsLong();
    }
    sentBefore = Math.max(sentBefore, sent);
    if (channel.isOpen() && now != unread) {
      long change = now - unread;
      unread = now;
      total.accept(change);
    }
    return progress;
  }

  /** Netty counts a buffer until all of it has been sent, be it a response of many megabytes. */
  private static long pending(ChannelOutboundBuffer queue) {
    return queue.totalPendingWriteBytes() - queue.currentProgress();
  }

  private static long payloadOf(ChannelOutboundBuffer queue) {
    return Math.max(0, pending(queue) - (long) BUFFER_OVERHEAD * queue.size());
  }

  /** Forgets what will not be read any more, because the connection is closed. */
  void forget() {
    total.accept(-unread);
    unread = 0;
  }
}
