package dev.glimpse.api.connections;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.Configs;
import dev.glimpse.support.FakeTime;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A client may read nothing for ten seconds, and a thousand bytes a second after that. */
class UnreadBytesTest {

  private static final ConnectionLimits LIMITS =
      ConnectionLimits.of(
          Configs.of(Map.of("glimpse.http.write-timeout", "10s", "glimpse.http.min-rate", "1000")),
          100,
          1L << 30);

  private final FakeTime time = new FakeTime();
  private final AtomicLong total = new AtomicLong();
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final UnreadBytes unread = new UnreadBytes(channel, LIMITS, total::addAndGet, time);

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  /** Writes some of a response to the socket. */
  private void write(int bytes) {
    ByteBuf response = Unpooled.wrappedBuffer(new byte[bytes]);
    unread.written(response);
    response.release();
  }

  @ParameterizedTest
  @CsvSource({"1000, false", "999, true", "500, true", "1, true", "5000, false"})
  void aReaderAtTheMinimumRateIsNotTooSlow(int bytesASecond, boolean tooSlow) {
    int left = 20_000_000;
    assertThat(unread.update(left)).isTrue();
    boolean was = false;
    for (int second = 0; second < 12_000 && left > 0; second++) {
      time.pass(Duration.ofSeconds(1));
      left -= bytesASecond;
      write(bytesASecond);
      assertThat(unread.update(left)).as("progress").isTrue();
      assertThat(unread.isStalled()).isFalse();
      was |= unread.isTooSlow();
    }
    assertThat(was).isEqualTo(tooSlow);
  }

  /** Netty counts 96 bytes more for each. */
  @Test
  void smallResponsesThatWaitDoNotMakeAReaderSlow() {
    ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
    unread.update(1);
    for (int second = 0; second < 20; second++) {
      time.pass(Duration.ofSeconds(1));
      write(1200); // is read
      for (int i = 0; i < 200; i++) {
        ByteBuf small = Unpooled.wrappedBuffer(new byte[10]);
        unread.written(small);
        queue.addMessage(small, 10, channel.newPromise());
      }
      queue.addFlush();
      unread.update(1);
      assertThat(unread.isTooSlow()).isFalse();
    }
  }

  @Test
  void aReaderMayPauseForAsLongAsItMayStall() {
    unread.update(1000);
    time.pass(Duration.ofSeconds(10));
    assertThat(unread.update(1000)).isFalse();
    assertThat(unread.isTooSlow()).isFalse();
    assertThat(unread.isStalled()).isFalse();
    time.pass(Duration.ofMillis(1));
    assertThat(unread.isStalled()).isTrue();
    assertThat(total).hasValue(1000);
  }

  @Test
  void whatWasReadBeforeIsForgottenWhenAllIsRead() {
    unread.update(1000);
    time.pass(Duration.ofSeconds(100));
    unread.update(0);
    assertThat(unread.isTooSlow()).isFalse();
    unread.update(1000);
    assertThat(unread.isTooSlow()).isFalse();
    time.pass(Duration.ofSeconds(10));
    assertThat(unread.isTooSlow()).isFalse();
    unread.forget();
    assertThat(total).hasValue(0);
  }
}
