package dev.glimpse.api.connections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SmallFramesTest {

  private static final int ONE_STREAM = SmallFrames.MOST + SmallFrames.OF_A_STREAM;

  private final Map<Integer, Integer> unread = new HashMap<>();
  private final SmallFrames frames = new SmallFrames(stream -> unread.getOrDefault(stream, 0));

  @Test
  void framesThatAreReadAtOnceAreNeverTooMany() throws Exception {
    for (int i = 0; i < 100 * SmallFrames.MOST; i++) {
      receive(1, 5, 1);
      read(1, 5);
    }
  }

  @Test
  void tooManyThatWaitAreAnErrorOfTheConnection() throws Exception {
    receive(1, 1, ONE_STREAM);

    assertThatThrownBy(() -> receive(1, 1, 1))
        .isInstanceOfSatisfying(
            Http2Exception.class,
            e -> {
              assertThat(e.error()).isEqualTo(Http2Error.ENHANCE_YOUR_CALM);
              assertThat(Http2Exception.isStreamError(e)).isFalse();
            });
  }

  @Test
  void largeOnesAndLastOnesAreNotCounted() throws Exception {
    for (int i = 0; i < 3 * ONE_STREAM; i++) {
      arrive(1, 300);
      frames.add(1, 300, false);
    }
    receive(1, 1, ONE_STREAM);

    assertThatThrownBy(() -> receive(1, 1, 1)).isInstanceOf(Http2Exception.class);
  }

  /** A client that fills its window, whose messages are served more slowly than they come. */
  @Test
  void aStreamThatAlwaysHasSomeWaitingIsServed() throws Exception {
    receive(1, 40, 1600);
    for (int i = 0; i < 100 * SmallFrames.MOST; i++) {
      read(1, 40);
      receive(1, 40, 1);
    }
  }

  @Test
  void streamsOfAConnectionAreCountedTogetherUntilTheyAreReadOrClosed() throws Exception {
    receive(1, 1, SmallFrames.MOST / 2);
    receive(3, 1, SmallFrames.MOST / 2);
    receive(5, 1, 3 * SmallFrames.OF_A_STREAM);
    assertThatThrownBy(() -> receive(5, 1, 1)).isInstanceOf(Http2Exception.class);

    unread.put(1, 0); // without another frame of it
    assertThatCode(() -> receive(5, 1, SmallFrames.MOST / 2 - 1)).doesNotThrowAnyException();
    assertThatThrownBy(() -> receive(5, 1, 1)).isInstanceOf(Http2Exception.class);

    frames.closed(3);
    unread.remove(3);
    assertThatCode(() -> receive(5, 1, SmallFrames.MOST / 4)).doesNotThrowAnyException();
  }

  private void receive(int stream, int bytes, int times) throws Http2Exception {
    for (int i = 0; i < times; i++) {
      arrive(stream, bytes);
      frames.add(stream, bytes, true);
    }
  }

  private void arrive(int stream, int bytes) {
    unread.merge(stream, bytes, Integer::sum);
  }

  private void read(int stream, int bytes) {
    arrive(stream, -bytes);
  }
}
