package dev.glimpse.api.connections;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import org.jspecify.annotations.Nullable;

/**
 * Stops reading from a connection while HTTP/1 holds as many requests as it may, or its client does
 * not read. Confined to the connection's event loop.
 */
final class ReadPause {

  /** Decides whether more may be read. */
  interface Holder {

    /** Returns whether nothing further is to be read or decoded now. */
    boolean holds();

    /** Lets the decoder go on; returns whether it had been stopped. */
    boolean release();
  }

  private final Channel channel;
  private @Nullable Holder holder;
  private boolean paused;
  private boolean resuming;

  ReadPause(Channel channel) {
    this.channel = channel;
  }

  /** Pauses from now on while this holder holds enough. */
  void watch(Holder holder) {
    this.holder = holder;
  }

  /** Stops reading if enough is held. Call it when what was read has been passed on. */
  void pauseIfHeld() {
    if (holder != null && holder.holds() && channel.config().isAutoRead()) {
      paused = true;
      channel.config().setAutoRead(false);
    }
  }

  /**
   * Returns whether Vert.x, which asks for more, may have it: it asks when it has room again, which
   * does not mean that the client reads.
   */
  boolean allowsReading() {
    if (paused && channel.config().isAutoRead()) {
      channel.config().setAutoRead(false);
    }
    return !paused;
  }

  /**
   * Reads on, if nothing is in the way any more; not at once, as the decoder may be running.
   *
   * @param context before the decoder
   */
  void resumeSoon(ChannelHandlerContext context) {
    if (!resuming) {
      resuming = true;
      channel.eventLoop().execute(() -> resume(context));
    }
  }

  private void resume(ChannelHandlerContext context) {
    resuming = false;
    if (holder == null || holder.holds() || !channel.isActive()) {
      return;
    }
    if (holder.release()) {
      context.fireChannelRead(Unpooled.EMPTY_BUFFER); // the decoder has more
      context.fireChannelReadComplete();
    }
    if (paused && !holder.holds()) {
      end();
    }
  }

  /** Reads on. */
  void end() {
    paused = false;
    channel.config().setAutoRead(true);
  }
}
