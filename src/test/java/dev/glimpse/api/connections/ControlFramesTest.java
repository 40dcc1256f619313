package dev.glimpse.api.connections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glimpse.support.FakeTime;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Settings;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ControlFramesTest {

  private final FakeTime time = new FakeTime();
  private final AtomicInteger passedOn = new AtomicInteger();
  private final ControlFrames frames =
      new ControlFrames(
          new Http2FrameAdapter() {
            @Override
            public void onPingRead(ChannelHandlerContext context, long data) {
              passedOn.incrementAndGet();
            }
          },
          new SmallFrames(stream -> 1),
          time);

  @Test
  void clientThatSendsSomeNowAndThenIsNeverClosed() throws Exception {
    for (int i = 0; i < 100; i++) {
      ping(ControlFrames.MOST / 2);
      time.pass(Duration.ofSeconds(10));
    }

    assertThat(passedOn).hasValue(50 * ControlFrames.MOST);
  }

  @Test
  void tooManyAreAnErrorOfTheConnection() throws Exception {
    ping(ControlFrames.MOST);

    assertThatThrownBy(() -> ping(1))
        .isInstanceOfSatisfying(
            Http2Exception.class,
            e -> {
              assertThat(e.error()).isEqualTo(Http2Error.ENHANCE_YOUR_CALM);
              assertThat(Http2Exception.isStreamError(e)).isFalse();
            });
    assertThat(passedOn).hasValue(ControlFrames.MOST);
  }

  /** A client of gRPC sends a ping with each response, however many responses there are. */
  @Test
  void thoseOfRequestsAreNotCounted() throws Exception {
    for (int i = 0; i < 2 * ControlFrames.MOST; i++) {
      frames.streamBegun();
      ping(ControlFrames.OF_A_REQUEST);
    }
    ping(ControlFrames.MOST - ControlFrames.OF_A_REQUEST);

    assertThatThrownBy(() -> ping(1)).isInstanceOf(Http2Exception.class);
  }

  @Test
  void allKindsAreCountedTogether() throws Exception {
    ping(ControlFrames.MOST - 2);
    frames.onSettingsRead(null, new Http2Settings());
    frames.onWindowUpdateRead(null, 0, 1);

    assertThatThrownBy(() -> frames.onPriorityRead(null, 1, 0, (short) 1, false))
        .isInstanceOf(Http2Exception.class);
  }

  private void ping(int times) throws Http2Exception {
    for (int i = 0; i < times; i++) {
      frames.onPingRead(null, 1);
    }
  }
}
