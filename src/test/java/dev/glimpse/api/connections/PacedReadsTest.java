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

  /** As calls of gRPC with large messages do: a connection reads on as for the rest of a body. */
  @Test
  void aStreamThatBeginsWithMuchOfItsBodyIsReadOn() {
    growToMost();
    read(PacedReads.MOST, true);
    assertThat(reads.next()).isEqualTo(PacedReads.MOST);
    read(PacedReads.BYTES_OF_A_STREAM, true);
    assertThat(reads.next()).isEqualTo(PacedReads.MOST);
    read(PacedReads.BYTES_OF_A_STREAM - 1, true);
    assertThat(reads.next()).isEqualTo(PacedReads.LEAST);
  }

  @Test
  void streamsThatBeginTogetherNeedABodyEach() {
    growToMost();
    reads.streamBegun();
    read(2 * PacedReads.BYTES_OF_A_STREAM, true);
    assertThat(reads.next()).isEqualTo(PacedReads.MOST);
    reads.streamBegun();
    read(2 * PacedReads.BYTES_OF_A_STREAM - 1, true);
    assertThat(reads.next()).isEqualTo(PacedReads.LEAST);
  }

  @Test
  void whatKeepsTheEventLoopBusyIsReadInSmallerParts() {
    growToMost();
    assertThat(readFor(2001)).isEqualTo(PacedReads.MOST_WHILE_BUSY);
    assertThat(readFor(2001)).isEqualTo(PacedReads.MOST_WHILE_BUSY);
    assertThat(readFor(2000)).isEqualTo(2 * PacedReads.MOST_WHILE_BUSY);
  }

  @Test
  void severalRequestsInOnePartAreFollowedByFew() {
    reads.requestBegun(0);
    reads.requestEnded();
    assertThat(readFor(1)).isEqualTo(PacedReads.FIRST);
    for (int i = 0; i < 2; i++) {
      reads.requestBegun(0);
      reads.requestEnded();
    }
    assertThat(readFor(1)).isEqualTo(PacedReads.LEAST);
  }

  @Test
  void bodyOfKnownLengthIsReadAtOnceAndNoMore() {
    reads.requestBegun(2000);
    reads.bodyArrived(PacedReads.FIRST - 100); // the head was in it
    assertThat(readFor(5000)).isEqualTo(2000 - PacedReads.FIRST + 100);
    reads.bodyArrived(2000 - PacedReads.FIRST + 100);
    reads.requestEnded();
    assertThat(readFor(1)).isEqualTo(PacedReads.FIRST);

    reads.requestBegun(1 << 30);
    assertThat(readFor(1)).isEqualTo(PacedReads.MOST);
    assertThat(readFor(1)).isEqualTo(PacedReads.MOST);
    reads.requestEnded();
    assertThat(readFor(1)).isEqualTo(PacedReads.FIRST);
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
    begin(reads.next());
    assertThat(handle.continueReading()).isFalse();
  }

  @Test
  void bodyIsReadInTheSameTurnAsItsRequestButNoMore() {
    begin(reads.next());
    reads.requestBegun(200_000);
    reads.bodyArrived(100);
    assertThat(handle.continueReading()).isTrue();
    assertThat(reads.next()).isEqualTo(PacedReads.MOST);
    next(PacedReads.MOST);
    reads.bodyArrived(PacedReads.MOST);
    assertThat(handle.continueReading()).isFalse();
    handle.readComplete();
    assertThat(reads.next()).isEqualTo(PacedReads.MOST);

    begin(PacedReads.MOST);
    reads.bodyArrived(PacedReads.MOST);
    assertThat(handle.continueReading()).isFalse();
    handle.readComplete();
    begin(PacedReads.MOST);
    reads.bodyArrived(PacedReads.MOST);
    handle.readComplete();
    assertThat(reads.next()).isEqualTo(200_000 - 100 - 3 * PacedReads.MOST);
  }

  @Test
  void nothingMoreIsReadInATurnThatBeginsSeveralRequestsOrHasLessThanItAskedFor() {
    begin(reads.next());
    reads.requestBegun(0);
    reads.requestEnded();
    reads.requestBegun(1000);
    assertThat(handle.continueReading()).isFalse();
    handle.readComplete();

    begin(reads.next() - 1);
    reads.requestBegun(1000);
    assertThat(handle.continueReading()).isFalse();
    handle.readComplete();
  }

  @Test
  void nothingMoreIsReadFromAPausedConnection() {
    begin(reads.next());
    reads.requestBegun(1000);
    config.setAutoRead(false);
    assertThat(handle.continueReading()).isFalse();
  }

  private void begin(int read) {
    handle.reset(config);
    next(read);
  }

  private void next(int read) {
    handle.attemptedBytesRead(reads.next());
    handle.lastBytesRead(read);
    handle.incMessagesRead(1);
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
