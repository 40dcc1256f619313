package dev.glimpse.api.connections;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator.Handle;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

@SuppressWarnings("deprecation") // of the type of handle that Netty reads by
class PacedReadsTest {

  private final ChannelConfig config = new EmbeddedChannel().config();
  private final AtomicLong clock = new AtomicLong();
  private final PacedReads reads = new PacedReads(clock::get);
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
  void whatKeepsTheEventLoopBusyIsReadInSmallerParts() {
    growToMost();
    assertThat(readFor(200_000)).isEqualTo(PacedReads.MOST / 400); // half a millisecond of it
    assertThat(readFor(400)).isEqualTo(2 * (PacedReads.MOST / 400));
    assertThat(readFor(1_000_000)).isEqualTo(PacedReads.LEAST);
    assertThat(readFor(1_000_000)).isEqualTo(PacedReads.LEAST);
    assertThat(readFor(100)).isEqualTo(2 * PacedReads.LEAST);
  }

  @Test
  void largeRequestIsFollowedByASmallerPart() {
    growToMost();
    reads.requestEnded();
    assertThat(readFor(100)).isEqualTo(PacedReads.MOST_AFTER_REQUEST);
    assertThat(readFor(100)).isEqualTo(2 * PacedReads.MOST_AFTER_REQUEST);
  }

  private void growToMost() {
    for (int i = 0; i < 10; i++) {
      readFor(0);
    }
    assertThat(reads.next()).isEqualTo(PacedReads.MOST);
  }

  /** Reads as much as is asked for, which takes so many microseconds; returns the next part. */
  private int readFor(long micros) {
    handle.reset(config);
    handle.attemptedBytesRead(reads.next());
    handle.lastBytesRead(reads.next());
    clock.addAndGet(TimeUnit.MICROSECONDS.toNanos(micros));
    handle.readComplete();
    return reads.next();
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
