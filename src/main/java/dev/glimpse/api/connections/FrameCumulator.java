package dev.glimpse.api.connections;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.handler.codec.ByteToMessageDecoder;

/**
 * Joins what has been read to the incomplete frame that is left of the reads before it. Nearly
 * every read of a large body ends within a frame: the next one is not copied, as Netty would, if it
 * is large itself. Small ones are, because each keeps a buffer of the size of a large one.
 */
final class FrameCumulator implements ByteToMessageDecoder.Cumulator {

  static final FrameCumulator INSTANCE = new FrameCumulator();

  /** The payload of the largest frame; a read of as many bytes is joined without a copy. */
  static final int LARGE_BYTES = 16 << 10;

  /** Netty copies more parts than this into one; a frame never has so many. */
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
      try {
        ByteBuf both = alloc.buffer(begun.readableBytes() + read.readableBytes());
        both.writeBytes(begun).writeBytes(read);
        begun.release(); // after a failure it stays with the decoder
        return both;
      } finally {
        read.release();
      }
    }
    return ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(alloc, begun, read);
  }
}
