package dev.glimpse.api.connections;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A hundred streams together. */
class OpenStreamsTest {

  private final OpenStreams streams = new OpenStreams(100);

  private void begin(int count) {
    for (int i = 0; i < count; i++) {
      streams.begun();
    }
  }

  private int allowed(int own, int clients, int connections) {
    return streams.allowed(own, () -> clients, () -> connections);
  }

  @Test
  void aConnectionMayHaveAllThatAreLeft() {
    begin(60);
    assertThat(allowed(20, 1, 1)).isEqualTo(60);
    assertThat(allowed(0, 50, 50)).isEqualTo(40);
    assertThat(streams.isFull()).isFalse();
  }

  @Test
  void whereNoneIsLeftEachConnectionHasItsShare() {
    begin(100);
    assertThat(streams.isFull()).isTrue();
    assertThat(allowed(100, 1, 1)).isEqualTo(100);
    assertThat(allowed(60, 2, 1)).as("another client's").isEqualTo(50);
    assertThat(allowed(0, 2, 10)).isEqualTo(5);
    assertThat(allowed(0, 30, 10)).as("at least one").isEqualTo(1);
    assertThat(allowed(0, 0, 0)).as("of a connection that is closed").isEqualTo(100);

    streams.ended(10);
    assertThat(streams.isFull()).isFalse();
    assertThat(allowed(60, 2, 1)).isEqualTo(70);
  }
}
