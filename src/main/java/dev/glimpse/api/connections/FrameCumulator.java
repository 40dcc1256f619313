package dev.glimpse.api.connections;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.handler.codec.ByteToMessageDecoder;

/**
 * Puts what is read behind the beginning of a frame that is there already. Nearly every read of a
 * large body ends within a frame: the next one is not copied, as Netty would, if it is large
 * itself. Small ones are, because each keeps a buffer of the size of a large one.
 */
final class FrameCumulator implements ByteToMessageDecoder.Cumulator {

  static final FrameCumulator INSTANCE = new FrameCumulator();

  /** Is the largest frame. */
  static final int LARGE_BYTES = 16 << 10;

  /** With more parts than large reads can be in a frame, they are put together. */
  private static final int MOST_PARTS = 16;

  private FrameCumulator() {}

  @Override
  public ByteBuf cumulate(ByteBufAllocator alloc, ByteBuf begun, ByteBuf read) {
    if (begun.isReadable() && read.readableBytes() >= LARGE_BYTES) {
      CompositeByteBuf both =
          begun instanceof CompositeByteBuf parts
              ? parts
              : alloc.compositeBuffer(MOST_PARTS).addComponent(true, begun);
      return both.addComponent(true, read);
    }
    if (begun.isReadable() && begun instanceof CompositeByteBuf) {
      ByteBuf both = alloc.buffer(begun.readableBytes() + read.readableBytes());
      both.writeBytes(begun).writeBytes(read);
      begun.release();
      read.release();
      return both;
    }
    return ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(alloc, begun, read);
  }
}
