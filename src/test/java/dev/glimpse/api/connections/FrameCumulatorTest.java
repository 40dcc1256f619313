package dev.glimpse.api.connections;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameCumulatorTest {

  private final ByteBufAllocator alloc = new PooledByteBufAllocator(true);
  private final Random random = new Random(11);
  private final List<ByteBuf> reads = new ArrayList<>();

  private ByteBuf read(int bytes) {
    byte[] data = new byte[bytes];
    random.nextBytes(data);
    ByteBuf read = alloc.directBuffer(64 << 10).writeBytes(data);
    reads.add(read);
    return read;
  }

  private ByteBuf cumulate(ByteBuf begun, ByteBuf read) {
    return FrameCumulator.INSTANCE.cumulate(alloc, begun, read);
  }

  @Test
  void aLargeReadIsNotCopied() {
    ByteBuf first = read(100);
    ByteBuf second = read(64 << 10);
    ByteBuf both = cumulate(first, second);
    long place = second.memoryAddress();

    assertThat(both.readableBytes()).isEqualTo(100 + (64 << 10));
    both.skipBytes(100).discardReadBytes();
    assertThat(both.memoryAddress()).isEqualTo(place);
    both.release();
    assertThat(reads).allMatch(read -> read.refCnt() == 0);
  }

  /** A client may send single bytes of a frame, and hold no more buffers with that. */
  @Test
  void smallReadsAreCopied() {
    ByteBuf all = cumulate(cumulate(read(100), read(FrameCumulator.LARGE_BYTES)), read(1));
    for (int i = 0; i < 1000; i++) {
      all = cumulate(all, read(1));
    }
    ByteBuf last = all;
    assertThat(reads).allMatch(read -> read.refCnt() == 0 || read == last);
    all.release();
  }

  @Test
  void theBytesStayTheSameHoweverTheyAreReadAndUsed() {
    ByteBuf expected = Unpooled.buffer();
    ByteBuf used = Unpooled.buffer();
    ByteBuf all = Unpooled.EMPTY_BUFFER;
    for (int i = 0; i < 2000; i++) {
      ByteBuf read = read(1 + random.nextInt(i % 2 == 0 ? 64 << 10 : 100));
      expected.writeBytes(read, read.readerIndex(), read.readableBytes());
      all = cumulate(all, read);
      used.writeBytes(all, Math.max(0, all.readableBytes() - random.nextInt(20_000)));
      all.discardSomeReadBytes();
    }
    used.writeBytes(all);
    assertThat(ByteBufUtil.equals(used, expected)).isTrue();
    all.release();
    assertThat(reads).allMatch(read -> read.refCnt() == 0);
  }
}
