package dev.glimpse.api.connections;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator.Handle;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

@SuppressWarnings("deprecation") // of the type of handle that Netty reads by
class PacedReadsTest {

  private final ChannelConfig config = new EmbeddedChannel().config();
  private final PacedReads reads = new PacedReads();
  private final Handle handle = reads.newHandle();

  @Test
  void bodiesAreReadInLargerAndLargerParts() {
    int first = reads.next();
    read(first, false);
    assertThat(reads.next()).isEqualTo(2 * first);
    for (int i = 0; i < 10; i++) {
      read(reads.next(), false);
    }
    assertThat(reads.next()).isEqualTo(PacedReads.MOST);
    read(100, false);
    assertThat(reads.next()).isEqualTo(PacedReads.MOST);
  }

  @Test
  void manyStreamsAreReadFewAtATime() {
    for (int i = 0; i < 10; i++) {
      read(reads.next(), true);
      assertThat(reads.next()).isEqualTo(PacedReads.LEAST);
    }
    read(PacedReads.LEAST, false);
    assertThat(reads.next()).isEqualTo(2 * PacedReads.LEAST);
  }

  @Test
  void eachConnectionReadsOnceInATurn() {
    handle.reset(config);
    handle.attemptedBytesRead(reads.next());
    handle.lastBytesRead(reads.next());
    handle.incMessagesRead(1);
    assertThat(handle.continueReading()).isFalse();
  }

  private void read(int bytes, boolean beginsStream) {
    handle.reset(config);
    handle.attemptedBytesRead(reads.next());
    handle.lastBytesRead(bytes);
    handle.incMessagesRead(1);
    if (beginsStream) {
      reads.streamBegun();
    }
    handle.readComplete();
  }
}
