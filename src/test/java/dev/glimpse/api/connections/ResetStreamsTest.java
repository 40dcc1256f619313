package dev.glimpse.api.connections;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ResetStreamsTest {

  @Test
  void theLastOnesAreRemembered() {
    ResetStreams streams = new ResetStreams(3);
    assertThat(streams.contains(1)).isFalse();
    for (int stream = 1; stream < 12; stream += 2) {
      streams.add(stream);
      assertThat(streams.contains(stream)).isTrue();
    }
    assertThat(streams.contains(7)).isTrue();
    assertThat(streams.contains(5)).isFalse();
    assertThat(streams.contains(13)).isFalse();
  }
}
